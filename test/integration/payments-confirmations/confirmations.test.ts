import { answerPayeeLink, callList, importPayments, listConfirmations, makePayeeLink, openPayeeLink, recordConfirmation } from '../../../src/modules/payments/index.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { caseLine, FORWARDING, importCases, importLines, importRegister, LA, postings, reconcileAll } from '../../support/reconciliation/scene.ts';

const PLAIN = '2000004100001';
const HIDDEN = '2000004100002';
let db: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  db = await testDatabase();
  ctx = { ...testCtx(db), clock: fixedClock('2026-03-20T18:00:00Z') };
  await importCases(ctx, [
    caseLine(PLAIN, { payer: 'Pedro Robles Luna', receiver: 'Carmen Arenas Vega' }),
    caseLine(HIDDEN, { payer: 'Juan Salas Mora', receiver: 'Alma Rivas Soto' }).replace('"participantId":"P2"', '"nondisclosure":{"basis":"affidavit","on":"2024-01-01"},"participantId":"P2"'),
  ]);
  await importRegister(ctx, [
    `D1,B1,${PLAIN},${LA},Carmen Arenas Vega,100.00,USD,2026-03-01,consulate`, `D2,B1,${PLAIN},${LA},Carmen Arenas Vega,120.00,USD,2026-03-02,consulate`,
    `D3,B1,${HIDDEN},${LA},Alma Rivas Soto,90.00,USD,2026-03-01,consulate`, `D4,B1,${PLAIN},${LA},Carmen Arenas Vega,75.00,USD,2026-03-19,consulate`,
  ]);
  await importLines(ctx, 'report.csv', FORWARDING, [
    `F1,D1,${PLAIN},Carmen Arenas Vega,100.00,USD,20.0000,0.00,2000.00,MXN,2026-03-10,ENTREGADO,`,
    `F2,D2,${PLAIN},Carmen Arenas Vega,120.00,USD,20.0000,0.00,2400.00,MXN,2026-03-11,ENTREGADO,`,
    `F3,D3,${HIDDEN},Alma Rivas Soto,90.00,USD,20.0000,0.00,1800.00,MXN,2026-03-10,ENTREGADO,`,
    `F4,D4,${PLAIN},Carmen Arenas Vega,75.00,USD,20.0000,0.00,1500.00,MXN,2026-03-20,ENTREGADO,`,
  ]);
  await reconcileAll(ctx);
});

const call = { confirmedOn: '2026-03-15', caller: 'Kim', spokenTo: 'Carmen', note: 'on the second try', outcome: 'received', amountMinor: 200_000n, currency: 'MXN' } as const;
const tokenOf = (path: string): string => path.slice('/payee/'.length);

it('lists deliveries to call about after some days, and only counts those of protected payees', async () => {
  const found = await callList(ctx, {});
  expect(found.rows.map(({ disbursementId, daysWaiting }) => [disbursementId, daysWaiting])).toEqual([['D1', 10], ['D2', 9]]);
  expect([found.total, found.protectedCount]).toEqual([2, 1]);
  expect(await callList(ctx, { page: 9 })).toMatchObject({ rows: [], total: 2, protectedCount: 1 });
});

it('writes a call down, encrypted, moves nothing, and takes it off the list', async () => {
  const before = await postings(db);
  const { findings } = await recordConfirmation(ctx, { ...call, disbursementId: 'D1' });
  expect(findings).toEqual([]);
  expect((await listConfirmations(ctx, { disbursementId: 'D1' })).rows).toMatchObject([{ caller: 'Kim', spokenTo: 'Carmen', note: 'on the second try', amountMinor: 200_000n, channel: 'call' }]);
  expect((await callList(ctx, {})).rows.map(({ disbursementId }) => disbursementId)).toEqual(['D2']);
  expect(await postings(db)).toEqual(before);
  const [row] = await behindTheWall<{ text: string }>(db, 'select payee_confirmations::text as text from payee_confirmations');
  expect(row?.text).not.toMatch(/Carmen|Kim|second/);
});

it('keeps whom nobody reached on the list', async () => {
  await recordConfirmation(ctx, { ...call, disbursementId: 'D2', outcome: 'unreachable', amountMinor: null, currency: null });
  expect((await callList(ctx, {})).rows.map(({ disbursementId }) => disbursementId)).toEqual(['D2']);
});

it('says what does not agree with the report', async () => {
  const said = async (answer: object) => (await recordConfirmation(ctx, { ...call, disbursementId: 'D4', confirmedOn: '2026-03-20', ...answer })).findings.map(({ code }) => code);
  expect(await said({ amountMinor: 140_000n })).toEqual(['confirmation.less_than_reported']);
  expect(await said({ amountMinor: 7_600n, currency: 'USD' })).toEqual(['confirmation.more_than_reported']);
  expect(await said({ outcome: 'not_received', amountMinor: null, currency: null })).toEqual(['confirmation.contradicts_report']);
});

it.each([
  ['before the payment', { confirmedOn: '2026-02-28' }, 'confirmation.before_issue'], ['in the future', { confirmedOn: '2026-03-21' }, 'confirmation.in_future'],
  ['on no day', { confirmedOn: '2026-02-30' }, 'confirmation.date_unreadable'], ['of nothing', { amountMinor: 0n }, 'confirmation.amount_missing'], ['of more than any payment', { amountMinor: 10n ** 22n }, 'confirmation.amount_too_large'],
  ['in another currency', { currency: 'KRW' }, 'confirmation.currency'], ['of money not received', { outcome: 'not_received' }, 'confirmation.amount_without_receipt'],
  ['without end', { note: 'x'.repeat(2_001) }, 'confirmation.text_too_long'],
] as const)('refuses a confirmation %s, with its field', async (_, answer, code) => {
  await expect(recordConfirmation(ctx, { ...call, disbursementId: 'D1', ...answer })).rejects.toMatchObject({ code: 'confirmation.invalid', findings: [{ code }] });
});

it('never calls a protected payee and makes no link for them', async () => {
  for (const attempt of [recordConfirmation(ctx, { ...call, disbursementId: 'D3' }), makePayeeLink(ctx, 'D3')]) {
    await expect(attempt).rejects.toMatchObject({ kind: 'forbidden', code: 'confirmation.payee_protected' });
  }
  await expect(makePayeeLink(ctx, 'D9')).rejects.toMatchObject({ kind: 'not_found' });
});

it('takes one answer by a link that shows an amount and a day, and nothing else', async () => {
  const { path } = await makePayeeLink(ctx, 'D2');
  const token = tokenOf(path);
  expect(await openPayeeLink(ctx, token)).toEqual({ language: 'es-MX', amountMinor: 240_000n, currency: 'MXN', sentOn: '2026-03-11' });
  await openPayeeLink(ctx, token);
  const answer = { outcome: 'partly', amountMinor: 230_000n, note: '' } as const;
  const ended = await Promise.allSettled([answerPayeeLink(ctx, token, answer), answerPayeeLink(ctx, token, answer)]);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await listConfirmations(ctx, { disbursementId: 'D2' })).rows[0]).toMatchObject({ channel: 'link', outcome: 'partly', amountMinor: 230_000n, currency: 'MXN', recordedBy: 'payee_link' });
  await expect(openPayeeLink(ctx, token)).rejects.toMatchObject({ code: 'confirmation.link_over' });
  const rows = await behindTheWall<{ text: string }>(db, 'select l::text as text from payee_links l union all select details::text from audit_events');
  expect(rows.filter(({ text }) => text.includes(token))).toEqual([]);
});

it('takes in a partner’s list line by line, once, and tells each line that cannot be', async () => {
  const heading = 'confirmation_id,disbursement_id,case_id,confirmed_on,caller,spoken_to,amount,currency,outcome,note';
  const take = (...rows: string[]) => importPayments(ctx, { partnerId: LA, fileName: 'calls.csv', source: Buffer.from([heading, ...rows, ''].join('\n')) });
  const good = `K1,D2,${PLAIN},2026-03-12,Lee,Carmen,2300.00,MXN,partly,says the rest is missing`;
  const told = await take(good, `K2,D9,,2026-03-12,Lee,Carmen,5.00,USD,received,`, `K3,D2,${HIDDEN},2026-03-12,Lee,Carmen,5.00,USD,partly,`, `K4,D2,,2026-02-01,Lee,Carmen,5.00,USD,partly,`, `K5,D3,,2026-03-12,Lee,Alma,1800.00,MXN,received,`);
  expect(told).toMatchObject({ kind: 'confirmations', lines: 5, imported: 2, duplicate: 0, rejected: 3 });
  expect(told.findings.map(({ code, line }) => [code, line])).toEqual([['confirmation.less_than_reported', 2], ['confirmation.unknown_disbursement', 3], ['confirmation.case_differs', 4],
    ['confirmation.before_issue', 5], ['confirmation.protected', 6]]);
  expect(await take(good, `K1,D2,${PLAIN},2026-03-12,Lee,Carmen,2400.00,MXN,received,`)).toMatchObject({ lines: 2, imported: 0, duplicate: 1, rejected: 1 });
  expect((await listConfirmations(ctx, { disbursementId: 'D2' })).rows.filter(({ channel }) => channel === 'file')).toMatchObject([{ caller: 'Lee', note: 'says the rest is missing', amountMinor: 230_000n }]);
});

it('ends a link by a newer one, by time, and when the payee is protected since', async () => {
  const [first, second] = [await makePayeeLink(ctx, 'D1'), await makePayeeLink(ctx, 'D1')];
  const over = { kind: 'not_found', code: 'confirmation.link_over' };
  await expect(openPayeeLink(ctx, tokenOf(first.path))).rejects.toMatchObject(over);
  const later: Ctx = { ...ctx, clock: fixedClock('2026-04-04T18:00:01Z') };
  await expect(openPayeeLink(later, tokenOf(second.path))).rejects.toMatchObject(over);
  for (const token of ['', 'x', 'A'.repeat(43), `${tokenOf(second.path)}A`]) await expect(openPayeeLink(ctx, token)).rejects.toMatchObject(over);
  await importCases(ctx, [caseLine(PLAIN, { payer: 'Pedro Robles Luna', receiver: 'Carmen Arenas Vega' }).replace('"participantId":"P3"', '"nondisclosure":{"basis":"court_order","on":"2026-03-20"},"participantId":"P3"')]);
  await expect(openPayeeLink(ctx, tokenOf(second.path))).rejects.toMatchObject(over);
});

it('is not for translators or officers, and of another county there is nothing', async () => {
  const as = (actor: object): Ctx => ({ ...ctx, actor: { ...ctx.actor, kind: 'user', id: 'usr_x', ...actor } });
  for (const roles of [['translator'], ['partner_officer'], ['administrator']] as const) await expect(callList(as({ roles }), {})).rejects.toMatchObject({ kind: 'forbidden' });
  const imperial = as({ roles: ['reconciler'], counties: ['06025'] });
  expect(await callList(imperial, {})).toMatchObject({ rows: [], total: 0, protectedCount: 0 });
  await expect(recordConfirmation(imperial, { ...call, disbursementId: 'D1' })).rejects.toMatchObject({ kind: 'not_found' });
});
