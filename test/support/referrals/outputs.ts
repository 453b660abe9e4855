import type TestAgent from 'supertest/lib/agent.js';
import { listCases } from '../../../src/modules/cases/index.ts';
import {
  exportTexts, getReferral, listDisclosures, listQueue, listReferrals, listSegment, listSegments, listSent, listTexts, listWaitingTexts, previewPacket, printSets, readPacketContainer, readPacketPdf, receivePacket,
} from '../../../src/modules/referrals/index.ts';
import { readZip } from '../../../src/platform/asic/zip.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { behindTheWall } from '../database.ts';
import type { TestDatabase } from '../database.ts';
import { readableIn } from './leaks.ts';
import type { Readable } from './leaks.ts';

/** Who looks: the agency's attorney, a partner's officer, a translator, and somebody of another county. */
export interface Viewers {
  readonly db: TestDatabase;
  readonly attorney: Ctx;
  readonly officer: Ctx;
  readonly translator: Ctx;
  readonly elsewhere: Ctx;
  readonly officerPages: TestAgent;
  readonly log: () => string;
}

const plain = (value: unknown): Readable => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { text, raw: text };
};

/** What somebody gets who asks: the answer, or the refusal with everything that it says. */
async function answered(work: Promise<unknown>): Promise<Readable> {
  try {
    return plain(await work);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return plain({ code: error.code, params: error.params, findings: error.findings, message: error.message });
  }
}

/** What a partner holds or may look at of a sent referral, by name. */
export async function partnersOutputs({ officer, officerPages }: Viewers, { referralId, packetId, caseId, search }: { referralId: string; packetId: string; caseId: string; search: string }): Promise<Map<string, Readable>> {
  const container = await readPacketContainer(officer, packetId);
  const pdf = await readPacketPdf(officer, packetId);
  if (!readZip(container.bytes).some(({ bytes }) => pdf.bytes.equals(bytes))) throw new Error('the PDF is another one than in the container');
  const printed = await printSets(officer, { of: { packetId }, sets: 1 });
  // What the officer typed is repeated to the officer.
  const page = async (path: string, expected = 200): Promise<Readable> => {
    const { text, headers, status } = await officerPages.get(path);
    if (status !== expected) throw new Error(`${path} answered ${status}`);
    return plain(`${JSON.stringify(headers)}\n${[search, encodeURIComponent(search), search.replaceAll(' ', '+')].reduce((left, own) => left.replaceAll(own, ''), text)}`);
  };
  const outputs = new Map<string, Readable>([
    ['container', await readableIn(container.bytes)], ['printed sets', await readableIn(printed.bytes)],
    ['file names', plain([container.fileName, pdf.fileName, printed.fileName])], ['printing', plain({ ...printed, bytes: null })],
    ['referral', await answered(getReferral(officer, referralId))], ['referrals', await answered(listReferrals(officer))],
    ['search of cases', await answered(listCases(officer, { search }))], ['log of disclosures', await answered(listDisclosures(officer, { caseId }))],
    ['texts', await answered(listTexts(officer, referralId))], ['queue', await answered(listQueue(officer))],
    ['inbox page', await page('/inbox')], ['inbox search', await page(`/inbox?search=${encodeURIComponent(search)}`)], ['referral page', await page(`/inbox/${referralId}`)], ['steps page', await page(`/referrals/${referralId}/steps?move=forward`)],
    ['agency’s referral page', await page(`/referrals/${referralId}`, 303)], ['interview page', await page(`/referrals/${referralId}/interview`, 403)], ['case page', await page(`/cases/${caseId}`, 403)],
    ['page of disclosures', await page(`/cases/${caseId}/disclosures`, 403)], ['partners page', await page('/partners')],
  ]);
  outputs.set('receipt', await answered(receivePacket(officer, { partnerId: officer.actor.partner ?? '', fileName: 'back.asice', source: container.bytes })));
  outputs.set('what was sent to us', await answered(listSent(officer)));
  const mine = ['referrals', 'packets', 'packet_deliveries', 'referral_moves', 'kept_files', 'incoming_packets'];
  for (const table of mine) outputs.set(`SQL ${table}`, await answered(inTransaction(officer, (tx) => tx.tx.query(`select * from ${table}`))));
  return outputs;
}

/** What stands in records, logs and lists of the agency that hold no data of a case, and what translators and other counties get. */
export async function agencysOutputs({ db, attorney, translator, elsewhere, log }: Viewers, { referralId, caseId }: { referralId: string; caseId: string }): Promise<Map<string, Readable>> {
  const rows = async (sql: string): Promise<Readable> => plain(await behindTheWall(db, sql));
  const segments = listSegments(attorney);
  return new Map<string, Readable>([
    ['reading copy', await readableIn((await previewPacket(attorney, referralId)).bytes)],
    ['findings', plain((await getReferral(attorney, referralId)).findings)], ['disclosures', await answered(listDisclosures(attorney, { caseId }))],
    ['XLIFF', await answered(exportTexts(translator, referralId))], ['texts', await answered(listTexts(translator, referralId))], ['waiting texts', await answered(listWaitingTexts(translator, {}))],
    ['queue elsewhere', await answered(listQueue(elsewhere))], ['referral elsewhere', await answered(getReferral(elsewhere, referralId))],
    ...await Promise.all(segments.map(async ({ segmentId: id }): Promise<[string, Readable]> => [`segment ${id} elsewhere`, await answered(listSegment(elsewhere, id))])),
    ['audit', await rows('select * from audit_events')], ['events', await rows('select * from outbox_events')], ['log of disclosures', await rows('select * from disclosures')],
    ['decisions', await rows('select decisions from packet_disclosures')], ['referral rows', await rows('select r.*, f.findings from referrals r join referral_findings f using (agency_id, referral_id)')],
    ['packet rows', await rows('select file_name, referral_id, packet_id from packets')], ['queue rows', await rows('select * from queue_items')],
    ['moves', await rows('select * from referral_moves')], ['log', plain(log())],
  ]);
}
