import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import {
  acknowledgeRecall, buildPacket, createReferral, listDisclosures, printSets, readPacketContainer, readPacketPdf, sendReferral,
} from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';

const PARTNER = 'mx-consulate-calexico';
const CASE = 'IM-LOG';
let db: TestDatabase;
let signing: Ctx['keys']['signing'];
let referralId: string;
let first: string;
let second: string;

const ctxOf = (given: TestActor = {}): Ctx => ({ ...testCtx(db, given), keys: { ...testCtx(db).keys, signing } });
const attorney = (now?: string): Ctx => ctxOf({ roles: ['attorney'], counties: ['06025'], id: 'usr_attorney', ...(now ? { now } : {}) });
const officer = (): Ctx => ctxOf({ roles: ['partner_officer'], partner: PARTNER, id: 'usr_officer', now: '2026-11-21T18:00:00Z' });
const bring = async (supportCase: SupportCase): Promise<unknown> => importCaseExtract(ctxOf(), { fileName: 'c.ndjson', source: Readable.from(extractOf([supportCase])) });
const guarded = (supportCase: SupportCase): SupportCase =>
  ({ ...supportCase, participants: supportCase.participants.map((one) => (one.role === 'obligee' ? { ...one, nondisclosure: { basis: 'affidavit', on: '2026-11-21' } } : one)) });

beforeAll(async () => {
  db = await testDatabase();
  signing = (await aSigner()).identity;
  const supportCase = aMexicanCase({ caseId: CASE });
  await bring(supportCase);
  referralId = (await createReferral(attorney(), { caseId: CASE, partnerId: PARTNER, services: ['status'] })).referralId;
  first = (await buildPacket(attorney(), referralId)).packetId;
  await sendReferral(attorney('2026-11-20T20:00:00Z'), referralId, { approver: 'Carla Counsel' });
  await readPacketPdf(officer(), first);
  await printSets(officer(), { of: { packetId: first }, sets: 2 });
  await bring(guarded(supportCase));
  await acknowledgeRecall(attorney('2026-11-22T18:00:00Z'), referralId);
  second = (await buildPacket(attorney('2026-11-22T19:00:00Z'), referralId)).packetId;
});

it('tells what happened to every packet, the newest first, by whom, and whether it was a partner', async () => {
  const { rows, total } = await listDisclosures(attorney(), { caseId: CASE });
  expect(rows.map(({ kind, packetId, actorId, actorPartner }) => [kind, packetId === first ? 1 : 2, actorId, actorPartner])).toEqual([
    ['superseded', 1, 'usr_attorney', null], ['sealed', 2, 'usr_attorney', null], ['recalled', 1, 'usr_attorney', null],
    ['printed', 1, 'usr_officer', PARTNER], ['read', 1, 'usr_officer', PARTNER], ['read', 1, 'usr_officer', PARTNER],
    ['delivered', 1, 'usr_attorney', null], ['sealed', 1, 'usr_attorney', null],
  ]);
  expect(total).toBe(8);
  expect(rows[0]?.record.supersededBy).toBe(second);
  expect(rows[3]?.record.sets).toBe(2);
});

it('says on what ground it went, and what of that nobody has confirmed', async () => {
  const { rows } = await listDisclosures(attorney(), { referralId });
  const delivered = rows.find(({ kind }) => kind === 'delivered');
  expect(delivered?.record).toEqual({
    channel: 'portal',
    grounds: {
      legalBasis: ['us.45cfr303_7', 'us.42usc659a_d', 'uifsa.ca'], isLegalBasisConfirmed: false, exchange: expect.any(String), isExchangeConfirmed: expect.any(Boolean), approver: 'Carla Counsel',
      authorities: [
        { code: 'us.45cfr303_7', citation: '45 CFR 303.7', isConfirmed: false }, { code: 'us_ca.22ccr111440', citation: '22 CCR 111440', isConfirmed: false },
        { code: 'us_ca.fc17212', citation: 'Cal. Fam. Code § 17212', isConfirmed: false },
      ],
      agreements: [expect.objectContaining({ agreementId: 'mx-consulate-calexico-mou', version: 1, basis: 'mou', services: ['status'], isConfirmed: false })],
    },
  });
});

it('says what each packet holds by person and category, and what was kept back for which reason', async () => {
  const { rows } = await listDisclosures(attorney(), { caseId: CASE });
  const [told, later] = [first, second].map((packetId) => rows.find((row) => row.packetId === packetId && row.kind === 'sealed')?.content);
  const obligee = (content: typeof told) => content?.persons.find(({ role }) => role === 'obligee');
  expect(obligee(told)).toEqual({ number: 'P2', role: 'obligee', isProtected: false, categories: ['name', 'sex', 'birth_date', 'nationality', 'address'] });
  expect(obligee(later)).toEqual({ number: 'P2', role: 'obligee', isProtected: true, categories: ['name', 'sex', 'agency_address'] });
  expect(told?.persons[0]?.categories).toContain('identifier_curp');
  expect(told?.documents.map(({ id }) => id)).toContain('cover_letter');
  expect(told?.orders).toBe(1);
  expect(told?.keptBack['nondisclosure'] ?? 0).toBe(0);
  expect(later?.keptBack['nondisclosure']).toBeGreaterThan(3);
});

it('holds codes, numbers and digests, and nothing of the case', async () => {
  const all = JSON.stringify(await behindTheWall(db, 'select * from disclosures'));
  for (const datum of ['Mondragón', 'Rosa María', 'Mexicali', '21120', '7842', 'BOXW310820', 'BY367841', '1978-12-27']) expect(all).not.toContain(datum);
});

it('is narrowed by referral, partner and day of the office, and paged', async () => {
  const kinds = async (query: Parameters<typeof listDisclosures>[1]) => (await listDisclosures(attorney(), query)).rows.map(({ kind }) => kind);
  expect(await kinds({ partnerId: 'kr-kcsa' })).toEqual([]);
  expect(await kinds({ from: '2026-11-21', to: '2026-11-21' })).toEqual(['printed', 'read', 'read']);
  expect(await kinds({ caseId: CASE, page: 2, pageSize: 5 })).toHaveLength(3);
  await expect(listDisclosures(attorney(), { from: '2026-02-30' })).rejects.toMatchObject({ code: 'disclosures.date_wrong' });
});

it('is seen by the county of the case alone, and by no partner, in SQL too; nobody changes it', async () => {
  await expect(listDisclosures(officer(), { caseId: CASE })).rejects.toMatchObject({ code: 'access.forbidden' });
  await expect(listDisclosures(ctxOf({ roles: ['translator'] }), {})).rejects.toMatchObject({ code: 'access.forbidden' });
  expect((await listDisclosures(ctxOf({ roles: ['attorney'], counties: ['06037'] }), { caseId: CASE })).total).toBe(0);
  const rows = (ctx: Ctx, sql: string): Promise<unknown[]> => inTransaction(ctx, (tx) => tx.tx.query<unknown[]>(sql));
  expect(await rows(officer(), 'select * from disclosures')).toEqual([]);
  const forged = `insert into disclosures select agency_id, 'dis_forged', '06025', 'X', 'r', 'kr-kcsa', '${first}', 'read', '{}', now(), 'usr_officer', 'kr-kcsa' from (select 'us-ca' as agency_id) a`;
  await expect(rows(officer(), forged)).rejects.toThrow();
  for (const change of ["update disclosures set kind = 'read'", 'delete from disclosures']) await expect(rows(ctxOf(), change)).rejects.toThrow();
});

it('writes nothing down where nothing was handed out', async () => {
  const before = (await listDisclosures(attorney(), { caseId: CASE })).total;
  await expect(readPacketContainer(officer(), first)).rejects.toMatchObject({ code: 'packet.withdrawn' });
  await expect(readPacketContainer(officer(), second)).rejects.toMatchObject({ code: 'packet.not_found' });
  expect((await listDisclosures(attorney(), { caseId: CASE })).total).toBe(before);
});
