import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { buildPacket, createReferral, printSets, resolveReference } from '../../../src/modules/referrals/index.ts';
import type { BuiltPacket } from '../../../src/modules/referrals/index.ts';
import { sealPacket } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { referenceText } from '../../../src/modules/referrals/printing/reference.rules.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { PACKET_ID, aMexicanCase, aSigner, packetOf } from '../../support/referrals/packets.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

let db: TestDatabase;
let signing: Awaited<ReturnType<typeof aSigner>>;

beforeAll(async () => {
  db = await testDatabase();
  signing = await aSigner();
});

function ctxOf(given: TestActor = {}): Ctx {
  const ctx = testCtx(db, given);
  return { ...ctx, keys: { ...ctx.keys, signing: signing.identity } };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
}

async function opened(caseId: string): Promise<string> {
  const ctx = ctxOf();
  await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId })])) });
  return (await createReferral(ctx, { caseId, partnerId: 'mx-consulate-calexico', services: ['collect_forward'] })).referralId;
}

async function sealed(caseId: string): Promise<BuiltPacket> {
  return buildPacket(ctxOf(), await opened(caseId));
}

it('prints the newest packet of a referral, and writes down who printed how many', async () => {
  const packet = await sealed('IM-31');
  const printed = await printSets(ctxOf(), { of: { referralId: packet.referralId }, sets: 2 });
  expect(printed).toMatchObject({ packetId: packet.packetId, sets: 2, paper: 'letter' });
  expect(printed.pagesPerSet).toBeGreaterThan(packet.pages);
  expect((await readPdf(printed.bytes)).pages).toHaveLength(2 * printed.pagesPerSet);
  const [row] = await behindTheWall<{ details: unknown }>(db, "select details from audit_events where action = 'packet.printed' and subject_id = $1", [packet.packetId]);
  expect(row?.details).toMatchObject({ referralId: packet.referralId, sha256: packet.sha256, sets: 2, pagesPerSet: printed.pagesPerSet, paper: 'letter' });
});

it('prints a packet by its file: ours as it was sealed, somebody else’s as it is', async () => {
  const packet = await sealed('IM-32');
  expect((await printSets(ctxOf(), { of: { container: packet.bytes }, sets: 1, paper: 'a4' })).paper).toBe('a4');
  const foreign = sealPacket(packetOf(aMexicanCase()), signing.signer, new Date('2026-11-19T12:00:00Z'));
  expect(await printSets(ctxOf(), { of: { container: foreign }, sets: 1 })).toMatchObject({ packetId: PACKET_ID });
  const changed = Buffer.from(packet.bytes);
  changed[4_000] = (changed[4_000] ?? 0) ^ 1;
  expect(await codeOf(printSets(ctxOf(), { of: { container: changed }, sets: 1 }))).toBe('packet.altered');
});

it('refuses what cannot be printed', async () => {
  const packet = await sealed('IM-33');
  const of = { packetId: packet.packetId };
  for (const sets of [0, 100, 1.5, Number.NaN]) expect(await codeOf(printSets(ctxOf(), { of, sets }))).toBe('printing.sets_invalid');
  expect(await codeOf(printSets(ctxOf(), { of: { packetId: 'pkt_01K0000000000000000000000Z' }, sets: 1 }))).toBe('packet.not_found');
  expect(await codeOf(printSets(ctxOf(), { of: { referralId: await opened('IM-34') }, sets: 1 }))).toBe('printing.nothing_sealed');
  expect(await codeOf(printSets(ctxOf({ roles: ['translator'] }), { of, sets: 1 }))).toBe('access.forbidden');
});

it('finds the packet of a sheet that comes back, and tells the sheet of another case', async () => {
  const [packet, other] = [await sealed('IM-35'), await sealed('IM-36')];
  const text = referenceText({ packetId: packet.packetId, set: 3, digestPrefix: packet.sha256.slice(0, 8) });
  expect(await resolveReference(ctxOf(), text, { referralId: packet.referralId })).toEqual({ packetId: packet.packetId, referralId: packet.referralId, set: 3, findings: [] });
  const codes = async (given: string, expected = {}): Promise<string[]> => (await resolveReference(ctxOf(), given, expected)).findings.map((one) => one.code);
  expect(await codes(text, { referralId: other.referralId })).toEqual(['printing.reference_other_packet']);
  expect(await codes(referenceText({ packetId: packet.packetId, set: 1, digestPrefix: other.sha256.slice(0, 8) }))).toEqual(['printing.reference_other_content']);
  expect(await codes(referenceText({ packetId: 'pkt_01K0000000000000000000000Z', set: 1, digestPrefix: '00000000' }))).toEqual(['printing.reference_unknown']);
  const stranger = ctxOf({ roles: ['partner_officer'], partner: 'kr-kcsa' });
  expect((await resolveReference(stranger, text)).findings.map((one) => one.code)).toEqual(['printing.reference_unknown']);
});

it('bears the file numbers of both sides, and of the offices that passed it on', async () => {
  const packet = await sealed('IM-39');
  const alone = await readPdf((await printSets(ctxOf(), { of: { packetId: packet.packetId }, sets: 1 })).bytes);
  expect(alone.pages[0]).toContain('IM-39');
  const hops = [{ office: 'Secretaría de Relaciones Exteriores', fileNumber: 'SRE/88' }, { office: 'DIF Jalisco', fileNumber: 'JAL-2026-4' }, { office: 'X'.repeat(500), fileNumber: '9'.repeat(500) }];
  const asked: string[] = [];
  const numbersOf = async (referralId: string) => { asked.push(referralId); return { ours: 'OTHER', theirs: 'CLX/2026/0042', hops }; };
  const printed = await printSets(ctxOf(), { of: { packetId: packet.packetId }, sets: 2, numbersOf });
  const { pages } = await readPdf(printed.bytes);
  expect([asked, pages.length]).toEqual([[packet.referralId], printed.pagesPerSet * 2]);
  for (const sheet of [pages[0], pages[printed.pagesPerSet]]) {
    for (const number of ['IM-39', 'CLX/2026/0042', 'Secretaría de Relaciones Exteriores: SRE/88', 'DIF Jalisco: JAL-2026-4']) expect(sheet).toContain(number);
    expect(sheet).not.toContain('OTHER');
    expect(sheet).not.toContain('999999');
  }
});
