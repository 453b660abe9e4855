import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import {
  acknowledgeRecall, buildPacket, createReferral, getReferral, listReferrals, moveReferral, printSets, readPacketContainer, readPacketPdf, readPacketReadingCopy, sendReferral,
} from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { signingDatabase } from '../../support/referrals/signing-database.ts';
import type { SigningDatabase } from '../../support/referrals/signing-database.ts';

const PARTNER = 'mx-consulate-calexico';
const RECALL = 'referral.disclosed_before_protection';
let db: TestDatabase;
let ctxOf: SigningDatabase['ctxOf'];
beforeAll(async () => {
  ({ db, ctxOf } = await signingDatabase());
});

const officer = (): Ctx => ctxOf({ kind: 'user', roles: ['partner_officer'], partner: PARTNER, id: 'usr_officer' });
const attorney = (): Ctx => ctxOf({ kind: 'user', roles: ['attorney'], counties: ['06025'], id: 'usr_attorney' });
const translator = (): Ctx => ctxOf({ kind: 'user', roles: ['translator'], counties: ['06025'], id: 'usr_translator' });

async function bring(...cases: SupportCase[]): Promise<void> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf(cases)) });
}

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? `${error.kind} ${error.code}` : String(error)));
const recallsOf = async (ctx: Ctx, referralId: string): Promise<unknown[]> =>
  (await getReferral(ctx, referralId)).findings.filter((finding) => finding.code === RECALL).map((finding) => finding.params?.number);

function withProtection(supportCase: SupportCase, role = 'obligee'): SupportCase {
  return { ...supportCase, participants: supportCase.participants.map((one) => (one.role === role ? { ...one, nondisclosure: { basis: 'court_order', on: '2026-11-19' } } : one)) };
}

async function sentReferral(supportCase: SupportCase): Promise<{ referralId: string; packetId: string }> {
  await bring(supportCase);
  const { referralId } = await createReferral(ctxOf(), { caseId: supportCase.caseId, partnerId: PARTNER, services: ['status'] });
  const { packetId } = await buildPacket(ctxOf(), referralId);
  await sendReferral(ctxOf(), referralId);
  return { referralId, packetId };
}

it('takes a sent packet off the offer as soon as somebody is protected, and says nothing of why', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-R1' });
  const { referralId, packetId } = await sentReferral(supportCase);
  expect(await codeOf(readPacketPdf(officer(), packetId))).toBe('done');
  await bring(withProtection(supportCase));
  for (const read of [readPacketPdf, readPacketContainer, readPacketReadingCopy]) expect(await codeOf(read(officer(), packetId))).toBe('forbidden packet.withdrawn');
  expect(await codeOf(readPacketPdf(translator(), packetId))).toBe('forbidden packet.withdrawn');
  const received = await getReferral(officer(), referralId);
  expect(received).toMatchObject({ packets: [], isWithdrawn: true, findings: [] });
  expect(JSON.stringify(received)).not.toMatch(/protect|nondisclosure/i);
  expect(await behindTheWall(db, "select count(*)::int as n from audit_events where action = 'packet.refused' and subject_id = $1", [packetId])).toEqual([{ n: 4 }]);
});

it('offers the officer the newest packet alone, and lets those who see the case look at what the partner holds', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-R2' });
  const { referralId, packetId } = await sentReferral(supportCase);
  await bring(withProtection(supportCase));
  const built = await buildPacket(ctxOf(), referralId);
  expect(built.findings.map((finding) => finding.code)).toContain(RECALL);
  await sendReferral(ctxOf(), referralId);
  expect((await getReferral(officer(), referralId)).packets.map((packet) => packet.packetId)).toEqual([built.packetId]);
  expect(await codeOf(readPacketPdf(officer(), built.packetId))).toBe('done');
  for (const read of [readPacketPdf, readPacketContainer, readPacketReadingCopy]) expect(await codeOf(read(officer(), packetId))).toBe('conflict packet.superseded');
  expect(await codeOf(readPacketPdf(translator(), packetId))).toBe('forbidden packet.withdrawn');
  expect(await codeOf(readPacketPdf(attorney(), packetId))).toBe('done');
  const events = await behindTheWall<{ details: unknown }>(db, "select details from audit_events where action = 'packet.read' and actor_id = 'usr_attorney' and subject_id = $1", [packetId]);
  expect(JSON.stringify(events)).toContain('isWithdrawn');
});

it('warns of what was disclosed before a protection until somebody has seen to it, and again when another person is protected', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-R3' });
  const { referralId, packetId } = await sentReferral(supportCase);
  expect(await recallsOf(attorney(), referralId)).toEqual([]);
  await bring(withProtection(supportCase));
  expect(await recallsOf(attorney(), referralId)).toEqual([1]);
  const [row] = (await listReferrals(attorney(), { caseId: 'IM-R3' })).rows;
  expect(row?.findings.map((finding) => finding.code)).toContain(RECALL);
  expect(await codeOf(acknowledgeRecall(officer(), referralId))).toBe('forbidden access.forbidden');
  expect(await acknowledgeRecall(attorney(), referralId)).toEqual([packetId]);
  expect(await acknowledgeRecall(attorney(), referralId)).toEqual([]);
  expect(await recallsOf(attorney(), referralId)).toEqual([]);
  expect(await codeOf(readPacketPdf(officer(), packetId))).toBe('forbidden packet.withdrawn');
  await bring(withProtection(withProtection(supportCase), 'obligor'));
  expect(await recallsOf(attorney(), referralId)).toEqual([1]);
});

it('counts a protection that takes the data themselves out of the case, and a source that turned out to be restricted', async () => {
  const gone = aMexicanCase({ caseId: 'IM-R4' });
  const first = await sentReferral(gone);
  const stripped = withProtection(gone).participants.map((one) => (one.role === 'obligee' ? { ...one, residence: undefined, phones: [], identifiers: [] } : one));
  await bring(JSON.parse(JSON.stringify({ ...gone, participants: stripped })) as SupportCase);
  expect(await codeOf(readPacketPdf(officer(), first.packetId))).toBe('forbidden packet.withdrawn');

  const federal = aMexicanCase({ caseId: 'IM-R5' });
  const second = await sentReferral(federal);
  await bring({ ...federal, participants: federal.participants.map((one) => (one.role === 'obligor' && one.residence ? { ...one, residence: { ...one.residence, source: 'fpls' as const } } : one)) });
  expect(await codeOf(readPacketPdf(officer(), second.packetId))).toBe('forbidden packet.withdrawn');
});

it('keeps a packet on offer where the case changed in nothing that protects', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-R6' });
  const { packetId } = await sentReferral(supportCase);
  await bring({ ...supportCase, participants: [...supportCase.participants].reverse(), balances: [] });
  expect(await codeOf(readPacketPdf(officer(), packetId))).toBe('done');
});

it('hides findings, stances and older packets from a partner in SQL too', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-R7' });
  const { referralId } = await sentReferral(supportCase);
  await bring(withProtection(supportCase));
  const { packetId } = await buildPacket(ctxOf(), referralId);
  await sendReferral(ctxOf(), referralId);
  await acknowledgeRecall(attorney(), referralId);
  const rows = (ctx: Ctx, sql: string): Promise<unknown[]> => inTransaction(ctx, (tx) => tx.tx.query<unknown[]>(sql));
  for (const table of ['referral_findings', 'packet_disclosures', 'packet_recalls']) {
    expect([table, (await rows(officer(), `select * from ${table}`)).length]).toEqual([table, 0]);
    expect((await rows(ctxOf(), `select * from ${table}`)).length).toBeGreaterThan(0);
  }
  expect(await rows(officer(), `select packet_id from packets where referral_id = '${referralId}'`)).toEqual([{ packet_id: packetId }]);
  expect(Object.keys((await rows(officer(), 'select * from referrals'))[0] as object)).not.toContain('findings');
});

it('is no longer on offer once the referral was withdrawn, whatever it told; the county still has it', async () => {
  const { referralId, packetId } = await sentReferral(aMexicanCase({ caseId: 'IM-R9' }));
  await moveReferral(attorney(), referralId, 'withdraw', { reason: 'made_in_error' });
  for (const read of [readPacketPdf, readPacketContainer, readPacketReadingCopy]) expect(await codeOf(read(officer(), packetId))).toBe('forbidden packet.withdrawn');
  expect(await codeOf(printSets(officer(), { of: { packetId }, sets: 1 }))).toBe('forbidden packet.withdrawn');
  expect(await getReferral(officer(), referralId)).toMatchObject({ packets: [], isWithdrawn: true });
  expect(await codeOf(readPacketPdf(attorney(), packetId))).toBe('done');
});
