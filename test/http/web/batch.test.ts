import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { runJob } from '../../../src/jobs/index.ts';
import { checkBatchJob } from '../../../src/jobs/check-batch.ts';
import { sendBatchJob } from '../../../src/jobs/send-batch.ts';
import { behindTheWall } from '../../support/database.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const COUNT = 20;
const caseIdOf = (index: number): string => String(2_000_002_000_000 + index);
let site: Site;
const referrals: string[] = [];
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  await importSampleCases(site.ctx, Array.from({ length: COUNT }, (_, index) => ({ ...SAMPLE_CASES.plain, caseId: caseIdOf(index) })));
  for (let index = 0; index < COUNT; index += 1) {
    const { referralId } = await createReferral(site.ctx, { caseId: caseIdOf(index), partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
    await buildPacket(site.ctx, referralId);
    referrals.push(referralId);
  }
}, 120_000);

const rows = async (what: string) => behindTheWall<Record<string, string>>(site.db, what);
const batches = async () => rows("select body->>'batchId' as id from outbox_events where name = 'referral.batch_begun' order by event_id");
const jobOf = (batchId: string) => runJob(site.ctx, sendBatchJob, { eventId: 'evt_batch', event: 'referral.batch_begun', body: { batchId } });
/** What nobody has looked at lately is looked at by a job first; its work leads to the page. */
const checked = async (agent: Awaited<ReturnType<Site['signedIn']>>, address: string): Promise<string> => {
  const first = await agent.get(address);
  if (first.status !== 303) return first.text;
  const [event] = await behindTheWall<{ id: string; body: Record<string, string> }>(site.db, "select event_id as id, body from outbox_events where name = 'referral.batch_check_begun' order by event_id desc limit 1");
  expect([first.headers['location'], await runJob(site.ctx, checkBatchJob, { eventId: event?.id ?? '', event: 'referral.batch_check_begun', body: event?.body ?? {} })]).toEqual([`/work/${event?.body['workId']}`, 'done']);
  const led = await agent.get(first.headers['location'] as string);
  expect([led.status, led.headers['location']]).toEqual([303, expect.stringMatching(/^\/batch\/check\?of=ref_/)]);
  return (await agent.get(led.headers['location'] as string)).text;
};
const packetsOn = (page: string): string[] => [...page.matchAll(/name="packet" value="([^"]+)"/g)].map(([, value]) => value ?? '');
const query = (ids: readonly string[]): string => ids.map((id) => `referral=${id}`).join('&');

describe('a list of sealed referrals', () => {
  it('is chosen from: by partner, sorted, all of a page at once, as a file', async () => {
    const agent = await site.signedIn('attorney');
    const { text } = await agent.get('/batch');
    expect(text.match(/name="referral" value="ref_/g)).toHaveLength(COUNT);
    expect(text).not.toContain(' checked');
    expect((await agent.get('/batch?all=yes')).text.match(/ checked/g)).toHaveLength(COUNT);
    expect((await agent.get('/batch?partner=kr-kcsa')).text).toContain('No sealed referral is waiting');
    const sorted = (await agent.get('/batch?sort=-case')).text;
    expect(sorted.indexOf(caseIdOf(COUNT - 1))).toBeLessThan(sorted.indexOf(`>${caseIdOf(0)}<`));
    expect((await agent.get('/batch?as=csv')).text.trim().split('\r\n')).toHaveLength(COUNT + 1);
    expect((await (await site.signedIn('imperial')).get('/batch')).text).toContain('No sealed referral is waiting');
    for (const who of ['translator', 'officer_la', 'reconciler']) expect([who, (await (await site.signedIn(who)).get('/batch')).status]).toEqual([who, 403]);
  });
});

describe('what is confirmed', () => {
  it('is shown with what leaves, under what, and what cannot leave and why', async () => {
    const korean = await createReferral(site.ctx, { caseId: SAMPLE_CASES.korean.caseId, partnerId: 'kr-kcsa', services: ['locate'] });
    await buildPacket(site.ctx, korean.referralId);
    const draft = await createReferral(site.ctx, { caseId: SAMPLE_CASES.imperial.caseId, partnerId: 'mx-sre', services: ['locate'] });
    const agent = await site.signedIn('attorney');
    const text = await checked(agent, `/batch/check?${query([referrals[0] ?? '', korean.referralId, draft.referralId, 'ref_none', '<script>'])}`);
    expect(text).toContain('2 referrals will be sent');
    expect(await rows("select distinct subject_id as id from audit_events where action = 'list.shown' and subject_id = 'batch-check'")).toEqual([{ id: 'batch-check' }]);
    expect(text).toMatch(/What cannot be sent[\s\S]*It is not sealed/);
    expect(text).toContain('Name of the person who approves');
    expect(text).not.toContain('<script>');
    for (const path of ['/batch/check', '/batch/check?referral=x']) expect((await agent.get(path)).text).toContain('Nothing was selected');
    expect((await agent.get(`/batch/check?${query(Array.from({ length: 51 }, (_, index) => `ref_01K0000000000000000000${String(index).padStart(4, '0')}`))}`)).status).toBe(422);
  });

  it('is looked at once, and again where the case has changed, after a quarter of an hour, or by whoever may no more', async () => {
    const agent = await site.signedIn('attorney');
    const address = `/batch/check?${query(referrals.slice(0, 2))}`;
    const works = async () => (await rows("select count(*)::text as n from long_works where kind = 'referrals.batch_check'"))[0]?.['n'];
    const begun = await works();
    expect([(await agent.head(address)).status, await works()]).toEqual([200, begun]);
    // However often it is asked for, in whatever order, one look goes on.
    const both = await Promise.all([address, `/batch/check?of=${[...referrals.slice(0, 2)].reverse().join(',')}`, address].map((one) => agent.get(one)));
    expect([new Set(both.map(({ headers }) => headers['location'])).size, Number(await works()) - Number(begun)]).toEqual([1, 1]);
    await checked(agent, address);
    expect((await agent.get(address)).status).toBe(200);
    const looks = async () => (await rows('select referral_id, case_version::text, checked_at::text from referral_send_checks order by 1')).filter((row) => referrals.slice(0, 2).includes(row['referral_id'] ?? ''));
    const before = await looks();
    const changed = async (assistance: string) => importCaseExtract(site.ctx, { fileName: 'changed.ndjson', source: Buffer.from(`${JSON.stringify({ ...SAMPLE_CASES.plain, caseId: caseIdOf(0), assistance })}\n`) });
    await changed('never');
    expect(await checked(agent, address)).toMatch(/1 referral will be sent[\s\S]*What cannot be sent/);
    const after = await looks();
    expect([after[0]?.['case_version'], after[1]]).toEqual(['2', before[1]]);
    await changed(SAMPLE_CASES.plain.assistance);
    await behindTheWall(site.db, "update referral_send_checks set checked_at = checked_at - interval '16 minutes'");
    expect(await checked(agent, address)).toContain('2 referrals will be sent');
    const stopped = await agent.get(`/batch/check?${query(referrals.slice(5, 6))}`);
    const [event] = await behindTheWall<{ body: Record<string, string> }>(site.db, "select body from outbox_events where name = 'referral.batch_check_begun' order by event_id desc limit 1");
    await behindTheWall(site.db, "update users set is_active = false where user_name = 'attorney'");
    expect(await runJob(site.ctx, checkBatchJob, { eventId: 'evt_x', event: 'referral.batch_check_begun', body: event?.body ?? {} })).toBe('done');
    await behindTheWall(site.db, "update users set is_active = true where user_name = 'attorney'");
    expect((await (await site.signedIn('attorney')).get(stopped.headers['location'] as string)).text).toMatch(/usa-alert--error/);
  });

  it('does not leave unconfirmed, nor without a name where one is needed; what was typed stays', async () => {
    const agent = await site.signedIn('attorney');
    const [korean] = await rows("select referral_id as id from referrals where partner_id = 'kr-kcsa'");
    const address = `/batch/check?${query([korean?.['id'] ?? ''])}`;
    const post = async (fields: Record<string, unknown>) => {
      const page = await checked(agent, address);
      return agent.post('/batch/check').type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), referral: [korean?.['id']], ...fields });
    };
    const unconfirmed = await post({ approver: 'Directora <b>Díaz</b>' });
    expect([unconfirmed.status, unconfirmed.text.includes('href="#confirm"'), unconfirmed.text.includes('&lt;b&gt;Díaz')]).toEqual([422, true, true]);
    const nameless = await post({ confirm: 'yes', approver: '' });
    expect([nameless.status, nameless.text.includes('href="#approver"')]).toEqual([422, true]);
    expect((await post({ confirm: 'yes', approver: 'N'.repeat(10_000) })).status).toBe(422);
    expect((await post({ confirm: 'yes', approver: 'x', referral: [] })).status).toBe(422);
    expect((await post({ confirm: 'yes', approver: 'x', referral: ['ref_01K00000000000000000000000', referrals[0]] })).status).toBe(404);
    expect(await batches()).toEqual([]);
  });
});

describe('sending', () => {
  it('does them one by one, once, however often the form is sent; tells what failed and why, and goes on after a kill', async () => {
    const agent = await site.signedIn('attorney');
    const page = await checked(agent, `/batch/check?${query(referrals)}`);
    expect(page).toContain(`${COUNT} referrals will be sent`);
    const other = await agent.post('/batch/check').type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: 'c'.repeat(24), referral: [referrals[0]], packet: [`${referrals[0]} pkt_01K00000000000000000000000`], confirm: 'yes' });
    // What was seen is what leaves: another packet than the one on the page is not sent, nor what was not on it.
    const unseen = await agent.post('/batch/check').type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: 'd'.repeat(24), referral: [referrals[0]], confirm: 'yes' });
    expect([other.status, unseen.status, await batches()]).toEqual([409, 409, []]);
    expect(page).toContain(`name="packet" value="${referrals[0]} pkt_`);
    const form = { form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id'), referral: referrals, packet: packetsOn(page), confirm: 'yes' };
    const sent = [await agent.post('/batch/check').type('form').send(form), await agent.post('/batch/check').type('form').send(form)];
    expect(new Set(sent.map(({ status, headers }) => `${status} ${headers['location']}`)).size).toBe(1);
    const work = sent[0]?.headers['location'] as string;
    expect(work).toMatch(/^\/work\/wrk_/);
    expect((await agent.get(work)).text).toContain('Sending referrals');
    const [batch] = await batches();
    const batchId = batch?.['id'] ?? '';
    // Meanwhile somebody sends one by hand; and the process ends in the middle of the work.
    await sendReferral(site.ctx, referrals[3] ?? '');
    await behindTheWall(site.db, `create function stop_here() returns trigger language plpgsql as $$ begin if new.position = 8 then raise 'the power is gone'; end if; return new; end $$`);
    await behindTheWall(site.db, 'create trigger stop_here before update on referral_batch_items for each row execute function stop_here()');
    expect(await jobOf(batchId)).toBe('retry');
    expect((await agent.get(work)).text).toMatch(/Done: 6\. Not done: 1\./);
    await behindTheWall(site.db, 'drop trigger stop_here on referral_batch_items');
    expect(await jobOf(batchId)).toBe('done');
    expect(await jobOf(batchId)).toBe('done');
    expect(await rows(`select state, count(*)::text as n from referral_batch_items where batch_id = '${batchId}' group by 1 order by 1`)).toEqual([{ state: 'refused', n: '1' }, { state: 'sent', n: String(COUNT - 1) }]);
    expect(await rows('select count(*)::text as n from packet_deliveries')).toEqual([{ n: String(COUNT) }]);
    expect(await rows("select count(*)::text as n from audit_events where action = 'referral.sent' and actor_kind = 'user'")).toEqual([{ n: String(COUNT - 1) }]);
    const done = (await agent.get(work)).text;
    expect(done).toMatch(new RegExp(`Done: ${COUNT - 1}\\. Not done: 1\\.`));
    expect(done).toContain(`href="/referrals/${referrals[3]}"`);
    const result = (await agent.get(`/batches/${batchId}`)).text;
    expect([result.match(/>sent</g)?.length, result.match(/>not sent</g)?.length]).toEqual([COUNT - 1, 1]);
    expect((await agent.get('/batch')).text).not.toContain(caseIdOf(0));
  });

  it('is nobody else’s to see, and stops where the person may send no more', async () => {
    const [batch] = await batches();
    expect((await (await site.signedIn('supervisor')).get(`/batches/${batch?.['id']}`)).status).toBe(404);
    expect((await (await site.signedIn('supervisor')).get('/batches/x')).status).toBe(404);
    const [korean] = await rows("select referral_id as id from referrals where partner_id = 'kr-kcsa'");
    const agent = await site.signedIn('supervisor');
    const address = `/batch/check?${query([korean?.['id'] ?? ''])}`;
    const page = await checked(agent, address);
    const form = { form_token: await tokenOf(agent, address), form_id: 'b'.repeat(24), referral: [korean?.['id']], packet: packetsOn(page), confirm: 'yes', approver: 'Directora Díaz' };
    expect((await agent.post('/batch/check').type('form').send(form)).status).toBe(303);
    const second = (await batches())[1]?.['id'] ?? '';
    expect((await rows(`select approver_encrypted::text as name from referral_batches where batch_id = '${second}'`))[0]?.['name']).not.toContain('Díaz');
    await behindTheWall(site.db, "update users set is_active = false where user_name = 'supervisor'");
    expect(await jobOf(second)).toBe('done');
    expect(await rows(`select state, code from referral_batch_items where batch_id = '${second}'`)).toEqual([{ state: 'refused', code: 'identity.account_closed' }]);
  });
});
