import { moveReferral, removeQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { pageOf } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import { recordAudit } from '../../audit/index.ts';
import { discardDraft, releaseDraft } from '../conversations/compose-message.ts';
import { readContent } from '../conversations/message.store.ts';
import type { BilingualSentence } from './draft-body.rules.ts';
import { REMINDER_ITEM } from './reminder-item.ts';
import { reminderRules } from './reminder-rules.ts';
import type { DraftKind, ReminderRule } from './reminder.rules.ts';
import { selectOpen, selectReminder, updateReminder } from './reminder.store.ts';
import type { OpenReminderQuery, ReminderRow } from './reminder.store.ts';

export const REMINDERS_PER_PAGE = 25;
const DRAFT_KINDS: readonly DraftKind[] = ['reminder', 'informationUpdate', 'closureNotice'];

export type ReminderPage = ListPage<ReminderRow>;

/** What waits: drafts that a person sends or drops, or what was told to the supervisor; the earliest day first. */
export async function listReminders(ctx: Ctx, query: Partial<OpenReminderQuery> & Pick<PageAsked, 'page' | 'after'> = {}): Promise<ReminderPage> {
  authorise(ctx, 'reminders.view');
  const { isEscalation = false, partnerId, order, page, after } = query;
  return inTransaction(ctx, (tx) => pageOf({ page, after }, { usual: REMINDERS_PER_PAGE, most: REMINDERS_PER_PAGE }, (place) => selectOpen(tx, { isEscalation, partnerId, order }, place), ({ reminderId }) => reminderId));
}

export interface ReminderView extends ReminderRow {
  /** What the draft says, in both languages. */
  readonly sentences: readonly BilingualSentence[];
  readonly language: string;
  readonly kind: string | null;
  readonly law: ReminderRule | null;
}

/** One reminder with its text. @throws AppError `exchange.reminder_not_found`, `access.forbidden`. */
export async function getReminder(ctx: Ctx, reminderId: string): Promise<ReminderView> {
  authorise(ctx, 'reminders.view');
  return inTransaction(ctx, async (tx) => {
    const row = await found(tx, reminderId);
    const draft = row.messageId === null ? null : await readDraft(tx, row.messageId);
    const remarks = (draft?.body.remark ?? []) as readonly { targetLanguage: string; segment: readonly BilingualSentence[] }[];
    return {
      ...row, kind: draft?.kind ?? null, language: remarks[0]?.targetLanguage ?? 'en', sentences: remarks.flatMap(({ segment }) => segment),
      law: reminderRules(ctx.config.dataDir).find(({ ruleId }) => ruleId === row.rule) ?? null,
    };
  });
}

/**
 * Sends a draft, with sentences that the person adds in both languages; where its rule says so, the referral makes the move that stops the
 * clock. The texts pass the gate that all texts pass.
 *
 * @throws AppError `exchange.reminder_not_found`, `exchange.reminder_not_open`, `exchange.reminder_sentence`, and what sending may refuse.
 */
export async function sendReminder(ctx: Ctx, reminderId: string, added: readonly BilingualSentence[] = []): Promise<{ messageId: string }> {
  authorise(ctx, 'reminders.decide');
  if (added.some(({ source, target }) => source.trim() === '' || target.trim() === '')) throw new AppError('invalid', 'exchange.reminder_sentence');
  return inTransaction(ctx, async (tx) => {
    const row = await open(tx, reminderId, 'drafted');
    const messageId = row.messageId ?? '';
    const draft = await readDraft(tx, messageId);
    const [first, ...others] = (draft.body.remark ?? []) as readonly { segment: readonly BilingualSentence[] }[];
    const remark = first === undefined ? [] : [{ ...first, segment: [...first.segment, ...added] }, ...others];
    await updateReminder(tx, reminderId, 'sent');
    await removeQueueItem(tx, REMINDER_ITEM, reminderId);
    await releaseDraft(tx, messageId, added.length > 0 ? { body: { ...draft.body, remark } } : undefined);
    await makeMove(tx, row);
    await recordAudit(tx, { action: 'reminder.sent', subject: { type: 'reminder', id: reminderId }, ...placeOf(row), details: { rule: row.rule } });
    return { messageId };
  });
}

/** The message says what the move is about: the job that words the moves of the agency finds it said and says nothing more. */
export async function makeMove(tx: TxCtx, row: Pick<ReminderRow, 'rule' | 'referralId' | 'messageId'>): Promise<void> {
  const rule = reminderRules(tx.config.dataDir).find(({ ruleId }) => ruleId === row.rule);
  if (rule?.draft?.move !== undefined && row.referralId !== null) await moveReferral(tx, row.referralId, rule.draft.move, { saidBy: row.messageId });
}

/** Drops a draft. @throws AppError `exchange.reminder_not_found`, `exchange.reminder_not_open`. */
export async function dropReminder(ctx: Ctx, reminderId: string): Promise<void> {
  authorise(ctx, 'reminders.decide');
  await inTransaction(ctx, async (tx) => {
    const row = await open(tx, reminderId, 'drafted');
    await updateReminder(tx, reminderId, 'dropped');
    await removeQueueItem(tx, REMINDER_ITEM, reminderId);
    await discardDraft(tx, row.messageId ?? '');
    await recordAudit(tx, { action: 'reminder.dropped', subject: { type: 'reminder', id: reminderId }, ...placeOf(row), details: { rule: row.rule } });
  });
}

/** Takes an escalation off the supervisor's list; the deadline itself goes on. @throws AppError as `dropReminder`. */
export async function settleEscalation(ctx: Ctx, reminderId: string): Promise<void> {
  authorise(ctx, 'reminders.settle');
  await inTransaction(ctx, async (tx) => {
    const row = await open(tx, reminderId, 'escalated');
    await updateReminder(tx, reminderId, 'ended');
    await recordAudit(tx, { action: 'reminder.settled', subject: { type: 'reminder', id: reminderId }, ...placeOf(row), details: { rule: row.rule } });
  });
}

interface Draft {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function readDraft(tx: TxCtx, messageId: string): Promise<Draft> {
  const message = JSON.parse(await readContent(tx, messageId) ?? '{}') as Record<string, unknown>;
  const kind = DRAFT_KINDS.find((one) => Object.hasOwn(message, one)) ?? 'reminder';
  return { kind, body: (message[kind] ?? {}) as Draft['body'] };
}

async function found(tx: TxCtx, reminderId: string): Promise<ReminderRow> {
  const row = await selectReminder(tx, reminderId);
  if (row === null) throw new AppError('not_found', 'exchange.reminder_not_found');
  return row;
}

async function open(tx: TxCtx, reminderId: string, state: 'drafted' | 'escalated'): Promise<ReminderRow> {
  const row = await found(tx, reminderId);
  if (row.state !== state) throw new AppError('conflict', 'exchange.reminder_not_open');
  return row;
}

const placeOf = ({ partnerId, county }: ReminderRow): { partner: string; county?: string } => ({ partner: partnerId, ...(county === null ? {} : { county }) });
