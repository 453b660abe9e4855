import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { buildPacket, createReferral, getReferral, listReferrals, readPacketContainer, readPacketPdf, sendReferral, verifyPacket } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { aKoreanCase, aMexicanCase } from '../../support/referrals/packets.ts';
import { signingDatabase } from '../../support/referrals/signing-database.ts';
import type { SigningDatabase } from '../../support/referrals/signing-database.ts';

let db: TestDatabase;
let signing: SigningDatabase['signing'];
let ctxOf: SigningDatabase['ctxOf'];
beforeAll(async () => {
  ({ db, signing, ctxOf } = await signingDatabase());
});

async function bring(...cases: SupportCase[]): Promise<void> {
  await importCaseExtract(ctxOf(), { fileName: 'cases.ndjson', source: Readable.from(extractOf(cases)) });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
}

async function opened(supportCase: SupportCase, partnerId = 'mx-consulate-calexico', services = ['enforce']): Promise<string> {
  await bring(supportCase);
  return (await createReferral(ctxOf(), { caseId: supportCase.caseId, partnerId, services })).referralId;
}

it('opens a referral once, however often and in whatever order it is asked for', async () => {
  const ctx = ctxOf();
  await bring(aMexicanCase({ caseId: 'IM-1' }));
  const request = { caseId: 'IM-1', partnerId: 'mx-consulate-calexico', services: ['enforce', 'collect_forward'] };
  const first = await createReferral(ctx, request);
  const again = await createReferral(ctx, { ...request, services: ['collect_forward', 'enforce', 'enforce'] });
  expect(first).toMatchObject({ status: 'draft', alreadyOpen: false });
  expect(again).toMatchObject({ referralId: first.referralId, alreadyOpen: true });
  expect((await createReferral(ctx, { ...request, services: ['status'] })).referralId).not.toBe(first.referralId);
  const both = await Promise.all([1, 2, 3].map(() => createReferral(ctxOf(), { ...request, services: ['locate'] })));
  expect(new Set(both.map((one) => one.referralId)).size).toBe(1);
});

it('starts the referral clock and tells the audit and the jobs', async () => {
  const referralId = await opened(aMexicanCase({ caseId: 'IM-2' }));
  expect(await getReferral(ctxOf(), referralId)).toMatchObject({ clock: { clock: 'referral.send', startedOn: '2026-11-20', dueOn: '2026-12-10', stoppedOn: null, citation: '45 CFR 303.7(c)(4)', isBinding: true } });
  expect(await behindTheWall(db, 'select action from audit_events where subject_id = $1 order by event_id', [referralId])).toEqual([{ action: 'referral.created' }, { action: 'referral.viewed' }]);
  expect(await behindTheWall(db, "select body from outbox_events where name = 'referral.created' and body->>'referralId' = $1", [referralId])).toHaveLength(1);
});

it('refuses what is not known', async () => {
  await bring(aMexicanCase({ caseId: 'IM-3' }));
  const request = { caseId: 'IM-3', partnerId: 'mx-consulate-calexico', services: ['enforce'] };
  expect(await codeOf(createReferral(ctxOf(), { ...request, caseId: 'NONE' }))).toBe('cases.not_found');
  expect(await codeOf(createReferral(ctxOf(), { ...request, partnerId: 'xx' }))).toBe('partner.unknown');
  expect(await codeOf(createReferral(ctxOf(), { ...request, services: ['sing'] }))).toBe('referral.service_unknown');
  expect(await codeOf(createReferral(ctxOf(), { ...request, services: [] }))).toBe('referral.services_needed');
  expect(await codeOf(createReferral(ctxOf({ counties: ['06037'] }), request))).toBe('cases.not_found');
  expect(await codeOf(createReferral(ctxOf({ roles: ['reconciler'] }), request))).toBe('access.forbidden');
  expect(await codeOf(buildPacket(ctxOf(), 'ref_nothing'))).toBe('referral.not_found');
});

it('seals a packet that verifies, and gives the same one while nothing changes', async () => {
  const referralId = await opened(aMexicanCase({ caseId: 'IM-4' }));
  const first = await buildPacket(ctxOf(), referralId);
  expect(verifyPacket(first.bytes, signing?.certificatePem, { now: ctxOf().clock.now() }).isIntact).toBe(true);
  const later = { ...ctxOf(), clock: fixedClock('2026-12-01T12:00:00Z') };
  const again = await buildPacket(later, referralId);
  expect(again).toMatchObject({ packetId: first.packetId, sha256: first.sha256, alreadySealed: true });
  expect(again.bytes.equals(first.bytes)).toBe(true);
  expect((await readPacketContainer(ctxOf(), first.packetId)).bytes.equals(first.bytes)).toBe(true);
  expect((await readPacketPdf(ctxOf(), first.packetId)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(await getReferral(ctxOf(), referralId)).toMatchObject({ status: 'sealed', packetId: first.packetId, packets: [{ number: 1 }] });
});

it('supersedes a packet when the case has changed, and keeps the old one as it was', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-5' });
  const referralId = await opened(supportCase);
  const first = await buildPacket(ctxOf(), referralId);
  await bring({ ...supportCase, balances: [{ bucket: 'arrears_unassigned', amount: '1200.00', currency: 'USD', asOf: '2026-10-31' }] });
  expect(await codeOf(sendReferral(ctxOf(), referralId))).toBe('packet.outdated');
  const second = await buildPacket(ctxOf(), referralId);
  expect(second.packetId).not.toBe(first.packetId);
  const { packets } = await getReferral(ctxOf(), referralId);
  expect(packets.map(({ number, supersedes }) => [number, supersedes])).toEqual([[2, first.packetId], [1, null]]);
  expect((await readPacketContainer(ctxOf(), first.packetId)).bytes.equals(first.bytes)).toBe(true);
});

it('lets nobody change or delete a sealed packet, not even the application', async () => {
  const referralId = await opened(aMexicanCase({ caseId: 'IM-6' }));
  const { packetId } = await buildPacket(ctxOf(), referralId);
  for (const statement of ["update packets set sha256 = repeat('0', 64) where packet_id = $1", 'delete from packets where packet_id = $1', 'delete from packet_disclosures where packet_id = $1']) {
    await expect(inTransaction(ctxOf(), (tx) => tx.tx.query(statement, [packetId]))).rejects.toThrow();
  }
});

it('builds nothing while something blocks, and keeps the findings on the referral', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-7', orders: [] });
  const referralId = await opened(supportCase);
  const refused = await buildPacket(ctxOf(), referralId).catch((error: unknown) => error as AppError);
  expect(refused).toMatchObject({ kind: 'conflict', code: 'packet.incomplete' });
  expect(await getReferral(ctxOf(), referralId)).toMatchObject({ status: 'draft', isBlocked: true, packets: [] });
  await bring(aMexicanCase({ caseId: 'IM-7' }));
  expect((await buildPacket(ctxOf(), referralId)).pages).toBeGreaterThan(1);
});

it('sends what is sealed, once, and shows the partner what was sent and nothing before', async () => {
  const referralId = await opened(aMexicanCase({ caseId: 'IM-8' }));
  const officer = ctxOf({ roles: ['partner_officer'], partner: 'mx-consulate-calexico', id: 'usr_officer' });
  const stranger = ctxOf({ roles: ['partner_officer'], partner: 'kr-kcsa', id: 'usr_stranger' });
  expect(await codeOf(sendReferral(ctxOf(), referralId))).toBe('referral.move_refused');
  const { packetId } = await buildPacket(ctxOf(), referralId);
  expect(await codeOf(getReferral(officer, referralId))).toBe('referral.not_found');
  expect(await codeOf(readPacketPdf(officer, packetId))).toBe('packet.not_found');
  expect(await sendReferral(ctxOf(), referralId)).toMatchObject({ status: 'sent', packetId, clockStoppedOn: null });
  expect(await codeOf(sendReferral(ctxOf(), referralId))).toBe('referral.move_refused');
  expect(await getReferral(officer, referralId)).toMatchObject({ status: 'sent', findings: [], approvedBy: null });
  expect((await readPacketPdf(officer, packetId)).fileName).toBe(`${referralId}.pdf`);
  expect((await listReferrals(officer)).rows.map((row) => row.referralId)).toContain(referralId);
  expect(await codeOf(getReferral(stranger, referralId))).toBe('referral.not_found');
  expect(await codeOf(readPacketPdf(stranger, packetId))).toBe('packet.not_found');
  expect(await codeOf(buildPacket(officer, referralId))).toBe('access.forbidden');
});

it('shows the partner the packet that was sent while a correction waits', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-12' });
  const referralId = await opened(supportCase);
  const { packetId } = await buildPacket(ctxOf(), referralId);
  await sendReferral(ctxOf(), referralId);
  await bring({ ...supportCase, balances: [] });
  const correction = await buildPacket(ctxOf(), referralId);
  const officer = ctxOf({ roles: ['partner_officer'], partner: 'mx-consulate-calexico', id: 'usr_officer' });
  expect(await getReferral(ctxOf(), referralId)).toMatchObject({ status: 'sealed', packetId: correction.packetId, deliveredPacketId: packetId });
  expect(await getReferral(officer, referralId)).toMatchObject({ status: 'sent', packetId, packets: [{ packetId }], moves: [{ toStatus: 'sent', movedBy: '' }], createdBy: '' });
  expect(await codeOf(readPacketPdf(officer, correction.packetId))).toBe('packet.not_found');
  await sendReferral(ctxOf(), referralId);
  expect(await getReferral(officer, referralId)).toMatchObject({ packetId: correction.packetId, packets: [{ number: 2 }] });
  expect(await codeOf(readPacketPdf(officer, packetId))).toBe('packet.superseded');
  expect(await codeOf(readPacketContainer(ctxOf({ roles: ['translator'], counties: ['06025'], id: 'usr_t' }), packetId))).toBe('done');
});

it('asks for a named approver where there is no agreement, and stops the clock where receipt stops it', async () => {
  const referralId = await opened(aKoreanCase({ caseId: 'LA-1' }), 'kr-kcsa');
  await buildPacket(ctxOf(), referralId);
  expect(await codeOf(sendReferral(ctxOf(), referralId))).toBe('referral.approver_needed');
  expect(await sendReferral(ctxOf(), referralId, { approver: 'Ana Ríos' })).toMatchObject({ status: 'sent', clockStoppedOn: '2026-11-20' });
  expect(await getReferral(ctxOf(), referralId)).toMatchObject({ approvedBy: 'Ana Ríos', moves: [{ toStatus: 'draft' }, { toStatus: 'sealed' }, { toStatus: 'sent' }] });
});

it('does not send a packet sealed before somebody was protected', async () => {
  const supportCase = aMexicanCase({ caseId: 'IM-9' });
  const referralId = await opened(supportCase);
  await buildPacket(ctxOf(), referralId);
  await bring({ ...supportCase, participants: supportCase.participants.map((one) => (one.role === 'obligee' ? { ...one, nondisclosure: { basis: 'court_order', on: '2026-11-19' } } : one)) });
  expect(await codeOf(sendReferral(ctxOf(), referralId))).toBe('packet.outdated');
});

it('lists the earliest compliance date first, by county and page', async () => {
  const early = { ...ctxOf(), clock: fixedClock('2026-10-01T12:00:00Z') };
  await bring(aMexicanCase({ caseId: 'IM-10' }));
  const first = await createReferral(early, { caseId: 'IM-10', partnerId: 'mx-consulate-calexico', services: ['status'] });
  const page = await listReferrals(ctxOf(), { isDue: true, pageSize: 2 });
  expect(page.rows[0]?.referralId).toBe(first.referralId);
  expect(page.rows).toHaveLength(2);
  expect(page.total).toBeGreaterThan(2);
  expect((await listReferrals(ctxOf({ counties: ['06059'] }))).total).toBe(0);
});

it('writes down what was told and kept back, and under which reason, without the data themselves', async () => {
  const referralId = await opened(aMexicanCase({ caseId: 'IM-11' }));
  const { packetId } = await buildPacket(ctxOf(), referralId);
  const [row] = await behindTheWall<{ decisions: { pointer: string }[] }>(db, 'select decisions from packet_disclosures where packet_id = $1', [packetId]);
  expect(row?.decisions.length).toBeGreaterThan(10);
  expect(JSON.stringify(row)).not.toContain('Mondragón');
});
