import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { dropReminder, getReminder, listReminders, remind, sendReminder, settleEscalation } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, getReferral, moveReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestActor, TestDatabase } from '../../support/database.ts';
import { aKoreanCase, aMexicanCase, aSigner } from '../../support/referrals/packets.ts';

const CALEXICO = 'mx-consulate-calexico';
let db: TestDatabase;
let signing: Ctx['keys']['signing'];
beforeAll(async () => {
  db = await testDatabase();
  signing = (await aSigner()).identity;
});

const on = (day: string, given: TestActor = {}): Ctx => {
  const ctx = testCtx(db, given);
  return { ...ctx, keys: { ...ctx.keys, signing }, clock: fixedClock(`${day}T20:00:00Z`) };
};
const attorney = (day: string): Ctx => on(day, { roles: ['attorney'], id: 'usr_attorney', kind: 'user' } as TestActor);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

async function sent(caseId: string, partnerId = CALEXICO): Promise<string> {
  const supportCase = partnerId === 'kr-kcsa' ? aKoreanCase({ caseId }) : aMexicanCase({ caseId });
  await importCaseExtract(on('2026-11-20'), { fileName: 'cases.ndjson', source: Readable.from(extractOf([supportCase])) });
  const { referralId } = await createReferral(on('2026-11-20'), { caseId, partnerId, services: ['enforce'] });
  await buildPacket(on('2026-11-20'), referralId);
  await sendReferral(on('2026-11-20'), referralId, { approver: 'Ana Ríos' });
  return referralId;
}

const draftsOf = async (referralId: string) => (await listReminders(on('2027-06-01'))).rows.filter((row) => row.referralId === referralId);
const escalationsOf = async (referralId: string) => (await listReminders(on('2027-06-01'), { isEscalation: true })).rows.filter((row) => row.referralId === referralId);
const messageOf = async (messageId: string | null): Promise<{ state: string; kind: string; code: string }> =>
  (await behindTheWall<{ state: string; kind: string; code: string }>(db, 'select state, kind, code from exchange_messages where message_id = $1', [messageId]))[0] as never;

describe('an acknowledgment that does not come', () => {
  let referralId: string;
  beforeAll(async () => {
    referralId = await sent('RM-1', 'kr-kcsa');
    // Due six weeks later, on 4 January 2027.
    await moveReferral(on('2026-11-23'), referralId, 'deliver');
  });

  it('brings nothing on the day itself, and a draft in both languages the day after, once however often the job runs', async () => {
    await remind(on('2027-01-04'));
    expect(await draftsOf(referralId)).toEqual([]);
    expect(await remind(on('2027-01-05'))).toMatchObject({ drafted: 1, sent: 0, escalated: 0 });
    await Promise.all([remind(on('2027-01-05')), remind(on('2027-01-06'))]);
    const drafts = await draftsOf(referralId);
    expect(drafts).toMatchObject([{ rule: 'acknowledgment_overdue', position: 1, dueOn: '2027-01-04', state: 'drafted', partnerId: 'kr-kcsa' }]);
    const seen = await getReminder(attorney('2027-01-06'), drafts[0]?.reminderId ?? '');
    expect(seen.language).toBe('ko-KR');
    expect(seen.sentences[0]).toEqual({
      source: expect.stringMatching(/^We sent you this request on November 23, 2026\. We expected your acknowledgment by January 4, 2027/),
      target: expect.stringMatching(/^당 기관은 2026년 11월 23일 귀 기관에 이 의뢰를 보냈습니다\. 2027년 1월 4일까지/),
    });
    expect(seen.sentences[1]?.source).toBe('Our file number: RM-1.');
    expect(await messageOf(seen.messageId)).toMatchObject({ state: 'draft', kind: 'reminder', code: 'ENF M BLANK' });
  });

  it('stands in the queue, leaves when an attorney sends it, and no sooner', async () => {
    const [draft] = await draftsOf(referralId);
    const reminderId = draft?.reminderId ?? '';
    expect(await behindTheWall(db, "select kind, reason from queue_items where kind = 'reminder' and subject_id = $1", [reminderId])).toEqual([{ kind: 'reminder', reason: 'acknowledgment_overdue' }]);
    expect(await codeOf(sendReminder(on('2027-01-07', { roles: ['reconciler'] }), reminderId))).toBe('access.forbidden');
    expect(await codeOf(sendReminder(attorney('2027-01-07'), reminderId, [{ source: 'Please call us.', target: ' ' }]))).toBe('exchange.reminder_sentence');
    await sendReminder(attorney('2027-01-07'), reminderId, [{ source: 'We are at your disposal.', target: '문의 사항이 있으면 연락 주시기 바랍니다.' }]);
    expect(await messageOf(draft?.messageId ?? null)).toMatchObject({ state: 'queued' });
    expect(await behindTheWall(db, "select 1 from queue_items where kind = 'reminder' and subject_id = $1", [reminderId])).toEqual([]);
    expect(await codeOf(sendReminder(attorney('2027-01-07'), reminderId))).toBe('exchange.reminder_not_open');
    const kept = await getReminder(attorney('2027-01-07'), reminderId);
    expect(kept.sentences.at(-1)?.target).toBe('문의 사항이 있으면 연락 주시기 바랍니다.');
  });

  it('brings the second after the pause, and the supervisor hears of it once', async () => {
    await remind(on('2027-01-18'));
    expect(await draftsOf(referralId)).toEqual([]);
    await remind(on('2027-01-19'));
    expect(await draftsOf(referralId)).toMatchObject([{ position: 2 }]);
    await remind(on('2027-02-03'));
    expect(await escalationsOf(referralId)).toEqual([]);
    expect(await remind(on('2027-02-04'))).toMatchObject({ escalated: 1 });
    expect(await remind(on('2027-02-05'))).toMatchObject({ escalated: 0 });
    const [escalation] = await escalationsOf(referralId);
    expect(escalation).toMatchObject({ rule: 'acknowledgment_overdue', state: 'escalated' });
    expect(await codeOf(settleEscalation(attorney('2027-02-05'), escalation?.reminderId ?? ''))).toBe('access.forbidden');
    await settleEscalation(on('2027-02-05', { roles: ['supervisor'] }), escalation?.reminderId ?? '');
    expect(await escalationsOf(referralId)).toEqual([]);
  });

  it('ends with the acknowledgment: the draft that still waited is dropped, and nothing comes after', async () => {
    const [second] = await draftsOf(referralId);
    await moveReferral(on('2027-02-08'), referralId, 'accept');
    expect(await remind(on('2027-02-08'))).toMatchObject({ ended: 1 });
    expect(await messageOf(second?.messageId ?? null)).toMatchObject({ state: 'cancelled' });
    expect(await draftsOf(referralId)).toEqual([]);
  });
});

it('asks whoever passed it on for news of the other office, from the day on which it was passed on', async () => {
  const referralId = await sent('RM-6');
  await moveReferral(on('2026-11-23'), referralId, 'deliver');
  await moveReferral(on('2026-12-01'), referralId, 'forward', { hop: 'mx-sre' });
  await remind(on('2027-01-05'));
  expect(await draftsOf(referralId)).toEqual([]);
  await remind(on('2027-01-13'));
  const [draft] = await draftsOf(referralId);
  expect(draft).toMatchObject({ rule: 'acknowledgment_overdue', dueOn: '2027-01-12' });
  const { sentences } = await getReminder(attorney('2027-01-13'), draft?.reminderId ?? '');
  expect(sentences[0]?.source).toMatch(/^On December 1, 2026 you told us that you had passed this request on/);
});

describe('what has to be told', () => {
  it('of new information is drafted at once; sending it stops the clock', async () => {
    const referralId = await sent('RM-2');
    await moveReferral(on('2026-11-24'), referralId, 'learn');
    await remind(on('2026-11-24'));
    const [draft] = await draftsOf(referralId);
    expect(draft).toMatchObject({ rule: 'information_notice', dueOn: '2026-12-10' });
    await sendReminder(attorney('2026-11-25'), draft?.reminderId ?? '', [{ source: 'The debtor has changed employment.', target: 'El deudor cambió de empleo.' }]);
    const { clocks, moves } = await getReferral(on('2026-11-25'), referralId);
    expect(clocks.find(({ clock }) => clock === 'information.notify')).toMatchObject({ stoppedOn: '2026-11-25', stoppedBy: 'pass_on' });
    expect(moves.at(-1)?.move).toBe('pass_on');
  });

  it('of our closure names the reason and the law; a dropped draft does not come again', async () => {
    const referralId = await sent('RM-3');
    await moveReferral(on('2026-11-24'), referralId, 'close', { reason: 'case_closed' });
    await remind(on('2026-11-24'));
    const [draft] = await draftsOf(referralId);
    expect(draft).toMatchObject({ rule: 'closure_notice' });
    expect(await messageOf(draft?.messageId ?? null)).toMatchObject({ kind: 'closureNotice' });
    await dropReminder(attorney('2026-11-24'), draft?.reminderId ?? '');
    await remind(on('2026-11-30'));
    expect(await draftsOf(referralId)).toEqual([]);
  });

  it('once a year of interest says the sums of the county, and starts the next year when it is sent', async () => {
    const referralId = await sent('RM-4');
    await remind(on('2027-10-20'));
    expect((await draftsOf(referralId)).filter(({ rule }) => rule === 'interest_notice')).toEqual([]);
    await remind(on('2027-10-21'));
    const draft = (await draftsOf(referralId)).find(({ rule }) => rule === 'interest_notice');
    expect(await messageOf(draft?.messageId ?? null)).toMatchObject({ kind: 'informationUpdate', code: 'MSC P GSTAI' });
    await sendReminder(attorney('2027-10-22'), draft?.reminderId ?? '');
    const running = (await getReferral(on('2027-10-22'), referralId)).clocks.filter(({ clock, stoppedOn }) => clock === 'interest.notify' && stoppedOn === null);
    expect(running).toMatchObject([{ startedOn: '2027-10-22', dueOn: '2028-10-22' }]);
  });
});

it('is seen by nobody of another county, and by no partner', async () => {
  await sent('RM-5').then((referralId) => moveReferral(on('2026-11-24'), referralId, 'learn'));
  await remind(on('2026-11-24'));
  expect((await listReminders(on('2026-11-24', { roles: ['attorney'], counties: ['06037'] }))).rows.filter(({ county }) => county !== '06037')).toEqual([]);
  expect(await codeOf(listReminders(on('2026-11-24', { roles: ['partner_officer'], partner: CALEXICO })))).toBe('access.forbidden');
});
