import { createUser } from '../../../src/modules/identity/index.ts';
import { reconcile } from '../../../src/modules/reconciliation/index.ts';
import { LANGUAGES } from '../../../src/platform/i18n.ts';
import { behindTheWall } from '../../support/database.ts';
import { balance, FORWARDING, importCredits, importLines, importRegister, LA, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, C2, collected, importCouples, outcomeOf, reported } from '../../support/reconciliation/suspense-scene.ts';
import { hiddenField, openSite, PASSWORD, PEOPLE, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';
import supertest from 'supertest';

const HOSTILE = '<script>alert(1)</script>';

let site: Site;
const keys: Record<string, string> = {};
beforeAll(async () => {
  site = await openSite();
  await importCouples(site.ctx);
  await importRegister(site.ctx, [`D2603000001,B1,${C1},${LA},Nayeli Robles Tapia,100.00,USD,2026-03-01,consulate`, `D2603000002,B1,${C1},${LA},Nayeli Robles Tapia,75.00,USD,2026-03-02,consulate`]);
  await importLines(site.ctx, 'r.csv', REMITTANCE, [
    collected({ folio: 'R-1', caseId: 'EXP-9' }), collected({ folio: 'R-2', usd: '900.00' }), collected({ folio: 'R-3', payer: HOSTILE, usd: '50.00' }), collected({ folio: 'R-4', usd: '30.00' }),
    collected({ folio: 'R-5', caseId: C2, payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto', usd: '20.00' }),
  ]);
  await importLines(site.ctx, 'f.csv', FORWARDING, [reported('F-1', '', 'Otra Persona Ajena', '100.00'), reported('F-2', 'D2603000002', 'Nayeli Robles Tapia', '75.00', 'DEVUELTO'),
    `F-3,D2603000001,${C1},Nayeli Robles Tapia,101.00,USD,18.0000,0.00,1818.00,MXN,2026-03-10,ENTREGADO,`]);
  await importCredits(site.ctx, 'bank1', [{ transfer: 'TR1', amount: '1092.00', on: '2026-03-09' }, { transfer: 'STRANGE', amount: '12.00', on: '2026-03-09' }, { transfer: 'STRANGE', amount: '12.00', on: '2026-03-09' }]);
  await reconcile(site.ctx);
  for (const reference of ['R-1', 'R-2', 'R-3', 'R-4', 'R-5', 'F-1', 'F-3']) keys[reference] = (await outcomeOf(site.db, reference))['key'] as string;
});
const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);

/** Sends one of the page's forms, with the form id that the page gave it unless told otherwise. */
async function press(who: string, path: string, fields: Record<string, string>, formId?: string) {
  const agent = await site.signedIn(who);
  const html = (await agent.get(path)).text;
  return agent.post(path).type('form').send({ form_token: hiddenField(html, 'form_token'), form_id: formId ?? `${hiddenField(html, 'form_id')}x`, seen_at: /name="seen_at" value="([^"]*)"/.exec(html)?.[1] ?? '', ...fields });
}
const itemOf = (reference: string): string => `/suspense/${keys[reference] ?? ''}`;

it('lists what waits, with ages, reasons in words, and totals that are the ledger’s', async () => {
  for (const language of LANGUAGES.toReversed()) {
    await pageOf('reconciler', `/runs?language=${language}`);
    const { status, text } = await pageOf('reconciler', '/suspense');
    expect(status).toBe(200);
    for (const key of ['R-1', 'R-2', 'F-1']) expect(text).toContain(itemOf(key));
    expect(text).not.toMatch(/<li>[a-z_]+\.[a-z_.]+<\/li>/);
    expect(text).not.toContain(HOSTILE);
  }
  const text = (await pageOf('reconciler', '/suspense')).text;
  expect(text).toMatch(/Late<\/span> <span[^>]*>To be forwarded or disbursed by Mar(ch)? 11, 2026/);
  expect(text.slice(text.indexOf('Totals in suspense'))).toMatch(/USD 1,090\.00[\s\S]*USD 1,090\.00[\s\S]*none/);
  expect((await pageOf('reconciler', '/suspense?kind=credit')).text).not.toContain(itemOf('R-1'));
  expect((await pageOf('reconciler', '/suspense?bucket=0-2&partner=kr-kcsa')).text).toContain('No items are waiting here');
  expect((await pageOf('reconciler', "/suspense?kind=x'&bucket=9&show=zzz&page=-1&partner=%27")).status).toBe(200);
});

it('shows an item as printed, finds a case by number or name, and escapes what a file brings', async () => {
  const found = (await pageOf('reconciler', `${itemOf('R-1')}?search=Robles`)).text;
  for (const words of ['Nadie Conocido Uno', 'EXP-9', C1, 'Nayeli Robles Tapia', 'the money arrived and the amounts agree', 'USD 1,110.00', 'TR1']) expect(found).toContain(words);
  // What a bank kept is named with its amount wherever an amount differs by it.
  expect(found).toContain('The credit is USD 18.00 lower than its lines. A bank along the way kept the difference (the partner’s profile allows up to USD 25.00');
  expect(found).toContain('You can ask the sending bank for the amount');
  const run = /href="(\/runs\/[^"]+)"/.exec((await pageOf('reconciler', '/runs')).text)?.[1] ?? '';
  expect((await pageOf('reconciler', `${run}?outcome=posted`)).text).toContain('the money arrived less a bank fee (USD 18.00 of the whole transfer)');
  expect((await pageOf('reconciler', `${itemOf('R-1')}?search=zzzzz`)).text).toContain('No cases were found');
  const hostile = (await pageOf('reconciler', itemOf('R-3'))).text;
  expect(hostile).toContain('&lt;script&gt;');
  expect(hostile).not.toContain('<script>');
  expect((await pageOf('reconciler', '/suspense/line-nothing')).status).toBe(404);
});

it('lays candidates beside the line and says of each field how it stands, with the letters marked that differ', async () => {
  const text = (await pageOf('reconciler', `${itemOf('R-1')}?search=${C2}`)).text;
  expect(text).toMatch(/<th scope="row">Obligor<\/th>[\s\S]*?Nadie Conocido Uno[\s\S]*?<span aria-hidden="true">≠<\/span> differs[\s\S]*?<mark class="clk-mark">/);
  expect(text).toMatch(/<th scope="row">Number<\/th>[\s\S]*?EXP-9/);
  expect((await pageOf('reconciler', `${itemOf('R-4')}?search=${C1}&refuse=case:${C1}&set=9`)).text).toMatch(new RegExp(`<details data-key="refuse" open>[\\s\\S]*value="case:${C1}" selected`));
  const hostile = (await pageOf('reconciler', `${itemOf('R-3')}?search=${C1}`)).text;
  expect(hostile).toContain('&lt;');
  expect(hostile).not.toMatch(/<script>alert/);
});

it('says of a report of another amount than was sent which amounts differ, offers nothing that is refused, and what to do', async () => {
  const { text } = await pageOf('reconciler', itemOf('F-3'));
  for (const words of ['Amount sent', 'USD 101.00', '1,818.00 MXN', 'the amount differs from the disbursement', 'Cannot be chosen', 'href="#hold"', '<details id="hold"']) expect([words, text.includes(words)]).toEqual([words, true]);
  // One comparison: the evidence says of the amount what the row says; a case number of the county’s own is never kept as the partner’s.
  expect(text).not.toMatch(/amount sent: equals the disbursement|value="D2603000001" data-key|clearly ahead of the others|name="learn"/);
  const refused = await press('reconciler', itemOf('F-3'), { action: 'match', disbursement_other: 'D2603000001', reason: 'names_confirmed', learn: 'yes' });
  expect([refused.status, refused.text.includes('one of the county’s own case numbers')]).toEqual([409, true]);
  const other = await press('reconciler', itemOf('F-3'), { action: 'match', disbursement_other: 'D2603000001', reason: 'names_confirmed' });
  expect([other.status, other.text.includes('ask the partner for a corrected line')]).toEqual([409, true]);
});

it('goes through a list in its order and keeps what was asked for; at its ends it comes back to the list', async () => {
  const agent = await site.signedIn('reconciler');
  const to = async (path: string): Promise<string> => (await agent.get(path)).headers['location'] as string;
  const list = await agent.get('/suspense?kind=line&sort=-amount');
  const [first = '', second = ''] = [...list.text.matchAll(/href="(\/suspense\/line[^"]+)" data-key-row/g)].map((found) => (found[1] ?? '').replaceAll('&amp;', '&'));
  expect(first).toContain('?kind=line&sort=-amount');
  expect(await to(first.replace('?', '/next?'))).toBe(second);
  expect(await to(second.replace('?', '/previous?'))).toBe(first);
  expect(await to(first.replace('?', '/previous?'))).toBe('/suspense?kind=line&sort=-amount');
  expect(list.text).toMatch(/aria-sort="descending"><a class="pu-sort" href="\/suspense\?kind=line&amp;sort=amount">/);
});

it('is saved as a file in the order of the screen, with no cell that computes, and that is written down', async () => {
  const agent = await site.signedIn('supervisor');
  const { status, text, headers } = await agent.get('/suspense?kind=line&show=all&sort=amount&as=csv').buffer(true);
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(text).toContain('Line,R-3,');
  expect(text).not.toMatch(/(^|,)"?[=@+]/m);
  expect((await agent.get('/suspense?show=proposed&as=csv').buffer(true)).text).toContain('Decision,Reason,Partner');
  expect(await behindTheWall(site.db, "select subject_id as id from audit_events where action = 'list.exported' order by 1")).toEqual([{ id: 'suspense' }, { id: 'suspense-proposals' }]);
});

it('decides about several items for one reason, each for itself; what was refused stays with why, and sent twice nothing happens twice', async () => {
  const agent = await site.signedIn('reconciler');
  const list = (await agent.get('/suspense?kind=credit')).text;
  const credits = [...list.matchAll(/name="item" value="(credit-[^"]+)"/g)].map((found) => found[1] ?? '');
  expect(credits).toHaveLength(2);
  // Two credits of one day and amount are told apart by the ends of their numbers, and the list says what all of it comes to.
  for (const key of credits) expect(list).toContain(`Mar 9, 2026 · USD 12.00 · <span class="pu-nowrap" translate="no">…${key.slice(-4)}</span>`);
  expect(list).toMatch(/2 items<\/strong><\/p>\s*<ul class="clk-sums"><li>Bank credits: <span class="pu-nowrap">USD 24\.00<\/span><\/li><\/ul>/);
  // Money of lines, money at the bank and reports that bring none are never one sum.
  const sums = (await agent.get('/suspense')).text;
  expect([/Payment lines: [^U]*USD 1,090\.00/.test(sums), /no money here\): [^U]*USD 201\.00/.test(sums), /Bank credits: [^U]*USD 24\.00/.test(sums)]).toEqual([true, true, true]);
  expect((await agent.get('/suspense/many')).text).toContain('Select at least one item');
  const ticked = [...credits, keys['R-3'] ?? ''];
  const path = `/suspense/many?show=all&${ticked.map((key) => `item=${key}`).join('&')}&item=${encodeURIComponent(HOSTILE)}`;
  const html = (await agent.get(path)).text;
  expect([html.includes(HOSTILE), html.includes('3 items'), /Payment lines: [^U]*USD 50\.00[\s\S]*Bank credits: [^U]*USD 24\.00/.test(html)]).toEqual([false, true, true]);
  // What cannot be decided about all of them says so before, and a refusal names its item.
  expect(html).toMatch(/<optgroup label="[^"(]+\(only for 2 of 3 selected\)">/);
  const [formToken, formId] = [hiddenField(html, 'form_token'), hiddenField(html, 'form_id')];
  const send = (fields: Record<string, string>, items = ticked) => agent.post('/suspense/many?show=all').type('form').send(`${new URLSearchParams({ form_token: formToken, form_id: formId, ...fields }).toString()}&${items.map((key) => `item=${encodeURIComponent(key)}&shown=${encodeURIComponent(key)}`).join('&')}`);
  for (const [fields, place] of [[{ decision: '' }, 'decision'], [{ decision: `close:${HOSTILE}` }, 'decision'], [{ decision: 'match:other' }, 'decision'], [{ decision: 'hold:other', until: '1999-01-01', note: 'x' }, 'until'], [{ decision: 'close:other' }, 'note'], [{ decision: 'close:other', note: ' \n ' }, 'note'], [{ decision: 'hold:other', until: '2026-12-01', note: 'x'.repeat(10_000) }, 'note']] as const) {
    const back = await send(fields);
    expect([fields.decision, back.status, back.text.includes(`href="#${place}"`), back.text.includes(HOSTILE), credits.every((key) => back.text.includes(`value="${key}" checked`))]).toEqual([fields.decision, 422, true, false, true]);
  }
  expect((await send({ decision: 'close:not_ours' }, [])).text).toContain('Select at least one item');
  // What somebody else wrote since the page was opened is looked at; a page that does not say when it was opened has seen nothing.
  const seenAt = hiddenField(html, 'seen_at');
  await press('supervisor', `/suspense/${credits[0] ?? ''}`, { action: 'note', note: 'Pertenece a otro' });
  for (const seen_at of [seenAt, '', '9999-01-01T00:00:00.000Z']) {
    const late = await send({ decision: 'close:not_ours', seen_at }, credits.slice(0, 1));
    expect([seen_at, late.status, late.text.includes('since you opened this item')]).toEqual([seen_at, 409, true]);
  }
  const done = await send({ decision: 'close:not_ours', seen_at: hiddenField((await agent.get(path)).text, 'seen_at') });
  expect([done.status, done.text.includes('2 items were decided'), /Line R-3: Only bank entries can be closed this way/.test(done.text), done.text.includes(`value="${credits[0] ?? ''}"`)]).toEqual([409, true, true, false]);
  expect((await send({ decision: 'close:not_ours' }, credits)).headers['location']).toBe('/suspense?show=all&done=many&count=2');
  expect(await behindTheWall(site.db, "select count(*)::int as n from suspense_decisions where action = 'close'")).toEqual([{ n: 2 }]);
  expect((await agent.get('/suspense?done=many&count=2')).text).toContain('2 items were decided.');
  expect((await (await site.signedIn('attorney')).get(path)).status).toBe(403);
});

it('is matched by one person below the limit; the form sent again does nothing more', async () => {
  const before = await press('reconciler', itemOf('R-1'), { action: 'match', case_id: 'other', case_other: '2000009999999', reason: 'names_confirmed', note: 'keeps <this>' });
  expect([before.status, before.text.includes('No case has this number'), before.text.includes('keeps &lt;this&gt;'), before.text.includes('href="#match-case_other"')]).toEqual([422, true, true, true]);
  expect((await press('reconciler', itemOf('R-1'), { action: 'match', case_other: C1, reason: '' })).text).toContain('Choose a reason');
  const formId = 'f'.repeat(30);
  const done = await press('reconciler', itemOf('R-1'), { action: 'match', case_other: C1, reason: 'names_confirmed' }, formId);
  const next = `${itemOf('R-2')}?done=done&of=${keys['R-1'] ?? ''}`;
  expect(done.headers['location']).toBe(next);
  expect((await press('reconciler', itemOf('R-1'), { action: 'match', case_other: C2, reason: 'names_confirmed' }, formId)).headers['location']).toBe(next);
  expect((await pageOf('reconciler', next)).text).toContain(`<a href="${itemOf('R-1')}">Review or undo it</a>`);
  expect((await press('supervisor', itemOf('R-1'), { action: 'match', case_other: C2, reason: 'names_confirmed' }, formId)).status).toBe(409);
  expect(await balance(site.db, `proposed_collection:${C1}:USD`)).toBe(-11_000);
  const again = await press('reconciler', itemOf('R-1'), { action: 'match', case_other: C2, reason: 'names_confirmed' });
  expect([again.status, again.text.includes('This item is no longer waiting')]).toEqual([409, true]);
});

it('above the limit waits for a second person, whom the supervisor’s list tells; whoever proposed may not approve', async () => {
  expect((await press('reconciler', itemOf('R-2'), { action: 'match', case_other: C1, reason: 'court_paper' })).headers['location']).toBe(`${itemOf('R-3')}?done=proposed&of=${keys['R-2'] ?? ''}`);
  expect(await balance(site.db, `proposed_collection:${C1}:USD`)).toBe(-11_000);
  const waiting = (await pageOf('supervisor', '/suspense?show=proposed')).text;
  for (const words of [itemOf('R-2'), 'Rita Reconciler', 'USD 900.00', 'R-2', 'Nadie Conocido Uno']) expect(waiting).toContain(words);
  for (const sort of ['since', 'amount', 'partner', 'kind', '-amount']) expect([sort, (await pageOf('supervisor', `/suspense?show=proposed&sort=${sort}&partner=${LA}`)).text.includes(itemOf('R-2'))]).toEqual([sort, true]);
  expect((await pageOf('supervisor', '/suspense?show=proposed&partner=kr-kcsa')).text).not.toContain(itemOf('R-2'));
  const [row] = await behindTheWall<{ id: string }>(site.db, "select decision_id as id from suspense_decisions where state = 'proposed'");
  const decision = row?.id ?? '';
  // Rita in another browser, and with a form made up.
  const second = supertest.agent(site.app);
  await signIn(second, 'reconciler', PASSWORD);
  const html = (await second.get(itemOf('R-2'))).text;
  expect(html).not.toContain('value="approve"');
  const forged = await second.post(itemOf('R-2')).type('form').send({ form_token: hiddenField(html, 'form_token'), form_id: 'z'.repeat(30), action: 'approve', decision });
  expect([forged.status, forged.text.includes('cannot approve it')]).toEqual([403, true]);
  expect((await press('supervisor', itemOf('R-2'), { action: 'approve', decision })).headers['location']).toBe(`${itemOf('R-2')}?done=approved`);
  expect(await balance(site.db, `proposed_collection:${C1}:USD`)).toBe(-101_000);
  // Nothing is left of it to be taken.
  expect((await pageOf('reconciler', itemOf('R-2'))).text).not.toContain('value="take"');
  expect((await press('supervisor', itemOf('R-2'), { action: 'approve', decision })).status).toBe(409);
});

it('what somebody else wrote since the page was opened is looked at before it is decided; then the same form decides', async () => {
  const agent = await site.signedIn('reconciler');
  const opened = (await agent.get(itemOf('F-1'))).text;
  const send = (html: string) => agent.post(itemOf('F-1')).type('form').send({ form_token: hiddenField(opened, 'form_token'), form_id: `${hiddenField(html, 'form_id')}refu`, action: 'refuse', seen_at: hiddenField(html, 'seen_at'), case_other: C2, reason: 'other_case' });
  await press('supervisor', itemOf('F-1'), { action: 'note', note: 'Ya pregunté al consulado' });
  const stopped = await send(opened);
  expect([stopped.status, stopped.text.includes('since you opened this item'), stopped.text.includes(`value="${C2}"`)]).toEqual([409, true, true]);
  expect((await agent.post(itemOf('F-1')).type('form').send({ form_token: hiddenField(opened, 'form_token'), form_id: 'n'.repeat(30), action: 'refuse', case_other: C2, reason: 'other_case' })).status).toBe(409);
  expect(stopped.text).toMatch(/>new<\/span> Ya pregunté al consulado/);
  expect((await send(stopped.text)).headers['location']).toContain('done=done');
});

it('a split, a return, a hold, a note, a refusal and a take are pressed on the page', async () => {
  const split = await press('reconciler', itemOf('R-3'), { action: 'split', case_0: C1, amount_0: '20.00', case_1: C2, amount_1: '20.00', reason: 'partner_confirmed' });
  expect([split.status, split.text.includes('do not add up'), split.text.includes('value="20.00"')]).toEqual([422, true, true]);
  expect((await press('reconciler', itemOf('R-3'), { action: 'split', case_0: C1, amount_0: '２０,00', case_1: C2, amount_1: '$30.00', reason: 'partner_confirmed' })).headers['location']).toContain('done=proposed');
  expect((await press('reconciler', itemOf('R-4'), { action: 'take' })).headers['location']).toContain('done=taken');
  const other = await press('supervisor', itemOf('R-4'), { action: 'return', reason: 'not_ours' });
  expect([other.status, other.text.includes('Someone else is working on this item')]).toEqual([409, true]);
  expect((await pageOf('supervisor', itemOf('R-4'))).text).toContain('Rita Reconciler is working on this until');
  expect((await press('reconciler', itemOf('R-4'), { action: 'refuse', case_other: C2, reason: 'other_person' })).headers['location']).toContain('done=done');
  expect((await pageOf('reconciler', `${itemOf('R-4')}?search=${C2}`)).text).toContain('rejected before');
  expect((await press('reconciler', itemOf('R-4'), { action: 'note', note: 'Preguntar al consulado' })).headers['location']).toContain('done=noted');
  expect((await pageOf('supervisor', itemOf('R-4'))).text).toContain('Preguntar al consulado');
  expect((await press('reconciler', itemOf('R-4'), { action: 'return', reason: 'payer_unknown' })).headers['location']).toContain('done=proposed');
  expect((await press('reconciler', itemOf('F-1'), { action: 'hold', until: '1999-01-01', reason: 'other', note: 'x' })).text).toContain('Enter a date after today');
  const wordless = await press('reconciler', itemOf('F-1'), { action: 'hold', until: '2099-01-01', reason: 'other' });
  expect([wordless.status, wordless.text.includes('href="#hold-note"')]).toEqual([422, true]);
  expect((await press('reconciler', itemOf('F-1'), { action: 'match', disbursement_other: 'D2603000001', reason: 'names_confirmed' })).headers['location']).toContain('done=done');
  expect(await balance(site.db, `delivered:${C1}:USD`)).toBe(10_000);
  // What the rules posted is un-matched from its page, by two people.
  expect((await pageOf('reconciler', itemOf('R-5'))).text).toContain('value="unmatch"');
  expect((await press('reconciler', itemOf('R-5'), { action: 'unmatch', reason: 'wrong_case' })).headers['location']).toContain('done=proposed');
  expect((await press('reconciler', itemOf('R-5'), { action: 'nonsense' })).status).toBe(422);
});

it('holds are released by two people; entries of the bank are told with their reasons', async () => {
  const text = (await pageOf('reconciler', '/holds')).text;
  for (const words of [C1, 'D2603000002', 'a disbursement was returned']) expect(text).toContain(words);
  const hold = hiddenField(text, 'hold');
  expect(text).toContain('USD 75.00');
  for (const [reason, note, place] of [['', HOSTILE, 'reason-0'], [HOSTILE, '', 'reason-0'], ['other', 'x'.repeat(10_000), 'note-0']] as const) {
    const back = await press('reconciler', '/holds', { action: 'release_hold', hold, reason, note });
    expect([place, back.status, back.text.includes(`href="#${place}"`), back.text.includes('<details open>'), back.text.includes(HOSTILE)]).toEqual([place, 422, true, true, false]);
  }
  expect((await press('reconciler', '/holds', { action: 'release_hold', hold, reason: 'paid_otherwise' })).headers['location']).toBe('/holds?done=proposed');
  const [row] = await behindTheWall<{ id: string }>(site.db, "select decision_id as id from suspense_decisions where state = 'proposed' and action = 'release_hold'");
  expect((await press('reconciler', '/holds', { action: 'approve', decision: row?.id ?? '' })).status).toBe(403);
  expect((await press('supervisor', '/holds', { action: 'approve', decision: row?.id ?? '' })).headers['location']).toBe('/holds?done=approved');
  expect((await pageOf('supervisor', '/holds?show=released')).text).toContain('paid in another way');
});

it('is for nobody else: officers, attorneys, translators, and whoever sees only some counties', async () => {
  await createUser(site.ctx, { userName: 'clerk_imperial', displayName: 'Inés Imperial', roles: ['supervisor'], partner: null, counties: ['06025'], password: PASSWORD, language: 'en' });
  const imperial = supertest.agent(site.app);
  await signIn(imperial, 'clerk_imperial', PASSWORD);
  for (const path of ['/suspense', '/holds', itemOf('R-4'), '/suspense?show=proposed']) {
    expect([path, (await imperial.get(path)).status]).toEqual([path, 403]);
    for (const who of Object.keys(PEOPLE).filter((name) => !['reconciler', 'supervisor'].includes(name))) expect([who, path, (await pageOf(who, path)).status]).toEqual([who, path, 403]);
  }
  for (const who of ['officer_la', 'attorney']) {
    const agent = await site.signedIn(who);
    const formToken = hiddenField((await agent.get('/partners')).text, 'form_token') || hiddenField((await agent.get('/cases')).text, 'form_token');
    expect((await agent.post(itemOf('R-4')).type('form').send({ form_token: formToken, form_id: 'q'.repeat(30), action: 'take' })).status).toBe(403);
  }
});
