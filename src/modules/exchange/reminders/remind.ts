import { findPartner } from '../../partners/index.ts';
import { getReferral, listOpenClocks, officeDay, owedFigures, putQueueItem } from '../../referrals/index.ts';
import { raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { sendMessage } from '../conversations/compose-message.ts';
import { makeMove } from './decide-reminder.ts';
import { draftBody } from './draft-body.rules.ts';
import type { DraftFacts } from './draft-body.rules.ts';
import { draftSentences } from './draft-sentences.ts';
import { endSettled } from './end-reminders.ts';
import { REMINDER_ITEM } from './reminder-item.ts';
import { reminderRules } from './reminder-rules.ts';
import { answerDueOn, dueWork, horizon } from './reminder.rules.ts';
import type { DraftRule, EarlierReminder, ReminderRule, Subject } from './reminder.rules.ts';
import { insertReminder, selectEarlier, selectSentMessage, selectUnanswered } from './reminder.store.ts';

/** What one round did, as counts. */
export interface Reminded {
  readonly drafted: number;
  readonly sent: number;
  readonly escalated: number;
  /** Waited for somebody, and need not any more: the clock has stopped, the answer has come. */
  readonly ended: number;
  /** Could not be drafted, for instance because no agreement is in force: told as an alarm. */
  readonly refused: number;
}

const PAGE = 500;
const MADE_ELSEWHERE = 'exchange.reminder_made_elsewhere';

/**
 * One round: drafts what is due under each rule, lets leave what its rule lets leave by itself, tells the supervisor, and ends what is
 * settled. Any number of processes may do this at once, as often as they like: each occasion is a row that exists once.
 */
export async function remind(ctx: Ctx): Promise<Reminded> {
  authorise(ctx, 'reminders.run');
  const today = officeDay(ctx);
  const counts = { drafted: 0, sent: 0, escalated: 0, ended: 0, refused: 0 };
  for (const rule of reminderRules(ctx.config.dataDir)) {
    const seen = new Set<string>();
    let escalated = 0;
    for await (const page of subjectsOf(ctx, rule, today)) {
      const earlier = await inTransaction(ctx, (tx) => selectEarlier(tx, rule.ruleId, page.map(({ subjectId }) => subjectId)));
      for (const subject of page) {
        seen.add(subject.subjectId);
        const done = await applyRule(ctx, rule, subject, earlier.get(subject.subjectId) ?? [], today);
        if (done.draft !== null) counts[done.draft] += 1;
        escalated += done.isEscalated ? 1 : 0;
      }
    }
    if (escalated > 0) await inTransaction(ctx, (tx) => raiseAlarm(tx, { code: 'exchange.escalated', subject: rule.ruleId, aboutOn: today, params: { count: escalated } }));
    counts.escalated += escalated;
    counts.ended += await endSettled(ctx, rule.ruleId, seen);
  }
  return counts;
}

interface Applied {
  readonly draft: 'drafted' | 'sent' | 'refused' | null;
  readonly isEscalated: boolean;
}

async function applyRule(ctx: Ctx, rule: ReminderRule, subject: Subject, earlier: readonly EarlierReminder[], today: CalendarDate): Promise<Applied> {
  const work = dueWork(rule, subject, earlier, today);
  const draft = rule.draft !== null && work.draft !== null ? await drafted(ctx, rule, rule.draft, subject, work.draft, today) : null;
  return { draft, isEscalated: work.escalate && await inTransaction(ctx, (tx) => escalate(tx, rule, subject, today)) };
}

/** One that cannot be drafted stops no other; the supervisor hears of it. */
async function drafted(ctx: Ctx, rule: ReminderRule, draft: DraftRule, subject: Subject, count: number, today: CalendarDate): Promise<Applied['draft']> {
  try {
    return await inTransaction(ctx, (tx) => makeDraft(tx, rule, draft, subject, count, today));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'database.unavailable') throw error;
    if (error.code === MADE_ELSEWHERE) return null;
    ctx.log.warn({ rule: rule.ruleId, code: error.code }, 'reminder.refused');
    await inTransaction(ctx, (tx) => raiseAlarm(tx, { code: 'exchange.reminder_refused', subject: rule.ruleId, aboutOn: today, partnerId: subject.partnerId, params: { reason: error.code } }));
    return 'refused';
  }
}

async function makeDraft(tx: TxCtx, rule: ReminderRule, draft: DraftRule, subject: Subject, count: number, today: CalendarDate): Promise<'drafted' | 'sent' | null> {
  const isByRule = rule.send === 'by_rule';
  const facts = await factsFor(tx, rule, draft, subject, count, today);
  const sent = await sendMessage(tx, {
    ...(subject.conversationId !== null ? { conversationId: subject.conversationId } : { referralId: subject.referralId ?? '' }),
    kind: draft.kind, body: draftBody(draft, subject, rule.citation, facts) as never, asDraft: !isByRule, cause: `reminder ${rule.ruleId} ${subject.subjectId} ${count}`, ...(draft.code ? { code: draft.code } : {}),
  });
  // What tells of a case with a protected person stays a draft until an attorney has read it, whatever the rule says.
  const hasLeft = sent.state === 'queued';
  const reminderId = await insertReminder(tx, { rule: rule.ruleId, subject, position: count, messageId: sent.messageId, state: hasLeft ? 'sent' : 'drafted', on: today });
  // Another process was first: what was drafted here is undone with the transaction.
  if (reminderId === null) throw new AppError('conflict', MADE_ELSEWHERE);
  await recordAudit(tx, {
    action: 'reminder.drafted', subject: { type: 'message', id: sent.messageId }, partner: subject.partnerId, ...(subject.county ? { county: subject.county } : {}),
    details: { rule: rule.ruleId, count, send: rule.send },
  });
  if (hasLeft) await makeMove(tx, { rule: rule.ruleId, referralId: subject.referralId, messageId: sent.messageId });
  else {
    await putQueueItem(tx, {
      kind: REMINDER_ITEM, subjectId: reminderId, county: subject.county, caseId: subject.caseId, partnerId: subject.partnerId, reason: rule.ruleId,
      dueOn: subject.dueOn > today ? subject.dueOn : today, availableOn: today,
    });
  }
  return hasLeft ? 'sent' : 'drafted';
}

async function escalate(tx: TxCtx, rule: ReminderRule, subject: Subject, today: CalendarDate): Promise<boolean> {
  const reminderId = await insertReminder(tx, { rule: rule.ruleId, subject, position: 0, messageId: null, state: 'escalated', on: today });
  if (reminderId === null) return false;
  await recordAudit(tx, {
    action: 'reminder.escalated', subject: { type: 'reminder', id: reminderId }, partner: subject.partnerId, ...(subject.county ? { county: subject.county } : {}),
    details: { rule: rule.ruleId, dueOn: subject.dueOn },
  });
  return true;
}

async function factsFor(tx: TxCtx, rule: ReminderRule, draft: DraftRule, subject: Subject, count: number, today: CalendarDate): Promise<DraftFacts> {
  const language = findPartner(subject.partnerId)?.languages.value.packet ?? 'en';
  const of = subject.referralId === null ? subject.subjectId : await ofMessage(tx, rule, subject);
  const referral = subject.referralId === null ? null : await getReferral(tx, subject.referralId);
  const closing = referral?.moves.findLast(({ move }) => move === 'close' || move === 'withdraw') ?? null;
  return {
    on: today, count, of, language, sentences: await draftSentences(tx, rule, draft, subject, language),
    closing: draft.kind === 'closureNotice' ? { reason: closing?.reason ?? 'other', closedOn: closing?.happenedOn ?? null } : null,
    balances: draft.change === 'interest' && subject.referralId !== null ? await owedFigures(tx, subject.referralId) : [],
  };
}

/** What the partner is reminded of: the message that waits, or the referral that we sent, by the id under which the partner has it. */
async function ofMessage(tx: TxCtx, rule: ReminderRule, subject: Subject): Promise<string> {
  if (rule.trigger.on === 'unanswered') return subject.subjectId;
  return await selectSentMessage(tx, subject.referralId ?? '', 'referral') ?? subject.referralId ?? subject.subjectId;
}

async function* subjectsOf(ctx: Ctx, rule: ReminderRule, today: CalendarDate): AsyncGenerator<readonly Subject[]> {
  const { trigger } = rule;
  if (trigger.on === 'clock') {
    let after: { referralId: string; position: number } | null = null;
    for (;;) {
      const clocks: Awaited<ReturnType<typeof listOpenClocks>> = await listOpenClocks(ctx, { clocks: [trigger.clock], countsBy: horizon(trigger, today), after, limit: PAGE });
      yield clocks.map((clock) => ({
        subjectId: `${clock.referralId}:${clock.position}`, referralId: clock.referralId, conversationId: null, partnerId: clock.partnerId, county: clock.county, caseId: clock.caseId,
        since: clock.startedOn, dueOn: clock.countsOn, isForwarded: clock.status === 'forwarded',
      }));
      const last = clocks.at(-1);
      if (!last || clocks.length < PAGE) return;
      after = { referralId: last.referralId, position: last.position };
    }
  }
  // Those whose day is over: sent so many days ago and more.
  const before = new Date(`${addDays(today, -trigger.days)}T00:00:00Z`);
  for (let after = ''; ;) {
    const rows = await inTransaction(ctx, (tx) => selectUnanswered(tx, { kinds: trigger.kinds, before, after, limit: PAGE }));
    yield rows.map((row) => {
      const since = officeDay(ctx, row.storedAt);
      return { subjectId: row.messageId, referralId: row.referralId, conversationId: row.conversationId, partnerId: row.partnerId, county: row.county, caseId: null, since, dueOn: answerDueOn(trigger, since) };
    });
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.messageId;
  }
}
