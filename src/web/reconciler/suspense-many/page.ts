import { createHash } from 'node:crypto';
import { assertSeen, closeEntry, fourEyes, holdItem, listSuspense, REASONS, returnToSender, takeItem } from '../../../modules/reconciliation/index.ts';
import type { SuspenseItem } from '../../../modules/reconciliation/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { newFormId } from '../../form-id.ts';
import { noteShown } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, fields, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { entryTail } from '../entry-name.ts';
import { seenIn } from '../seen-in.ts';
import { carriedQuery, isStateOpen } from '../suspense/list-of-suspense.ts';

/** As many as a page of the list shows. */
const MANY_MAX = 50;
/** What may be decided about many for one reason; everything that names a case or a person is decided item by item. */
const ACTIONS = ['hold', 'close', 'return'] as const;
type ManyAction = (typeof ACTIONS)[number] | 'take';

const TYPED = ['until', 'note'] as const;

interface Asked { readonly decision: string; readonly until: string; readonly note: string }
interface Refused { readonly itemKey: string; readonly text: string }

const NOTHING: Asked = { decision: '', until: '', note: '' };

/** The items that were ticked in the list, what they come to, and one decision about all of them. Each is decided for itself; what was refused stays here with its reason. */
export const suspenseManyPage: Page = {
  path: '/suspense/many',
  access: 'suspense.decide',
  get: (visit) => show(visit, tickedIn(visit), NOTHING, []),
  post: (visit) => decide(visit),
};

/** `?item=…&item=…`: nothing is kept before it is decided. */
function tickedIn(visit: Visit): string[] {
  const item: unknown = visit.req.query['item'];
  return (Array.isArray(item) ? item : [item]).filter((one): one is string => typeof one === 'string').slice(0, MANY_MAX);
}

async function show(visit: Visit, itemKeys: readonly string[], asked: Asked, faults: readonly { field: string; text: string }[], outcome: { refused: readonly Refused[]; done: number } = { refused: [], done: 0 }): Promise<Reply> {
  const { rows, sums } = itemKeys.length === 0 ? { rows: [], sums: [] } : await listSuspense(visit.ctx, { show: 'all', itemKeys }, isStateOpen);
  await noteShown(visit, 'suspense-many', rows, ({ itemKey }) => ({ suspense_item: itemKey }));
  const why = new Map(outcome.refused.map(({ itemKey, text }) => [itemKey, text]));
  const limit = fourEyes().limit;
  return view('reconciler/suspense-many', {
    rows: rows.map((row) => ({ ...row, ...namesOf(row, visit), refused: why.get(row.itemKey) ?? null })), sums, asked, done: outcome.done,
    faults: [...faults, ...outcome.refused.map(({ itemKey, text }) => refusedFault(visit, rows, itemKey, text))],
    choices: ACTIONS.map((action) => ({ action, reasons: REASONS[action], fitting: rows.filter((row) => isFitting(action, row)).length })).filter(({ fitting }) => fitting > 0 || rows.length === 0), limit: visit.format.amount(limit.amount, limit.currency), back: `/suspense${carriedQuery(visit)}`, here: `/suspense/many${carriedQuery(visit)}`, formId: newFormId(),
    // What was refused has been looked at and told; a form that was not sent on has still seen what it had.
    seenAt: (faults.length > 0 ? seenIn(visit) : visit.ctx.clock.now()).toISOString(),
  }, faults.length > 0 ? 422 : outcome.refused.length > 0 ? 409 : 200);
}

/** Which of the decisions an item of its kind can have at all: those of money need money, and only an entry of the bank is closed. */
function isFitting(action: (typeof ACTIONS)[number], row: SuspenseItem): boolean {
  if (action === 'close') return row.kind !== 'line';
  return action === 'hold' || row.lineKind === 'remittance' || row.kind === 'credit';
}

/** A refusal under the name of its item, as the list has it. */
function refusedFault({ t }: Visit, rows: readonly SuspenseItem[], itemKey: string, text: string): { field: string; text: string } {
  const at = rows.findIndex((row) => row.itemKey === itemKey);
  const row = rows[at];
  const name = row === undefined ? itemKey : `${t(`suspense:kind.${row.kind}`)} ${row.reference || String(row.lineNumber ?? '')}${row.kind === 'line' ? '' : ` ${entryTail(row.itemKey)}`}`;
  return { field: `item-${at}`, text: `${name}: ${text}` };
}

const namesOf = (row: SuspenseItem, visit: Visit) => ({ partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short'), tail: row.kind === 'line' ? '' : entryTail(row.itemKey), href: `/suspense/${row.itemKey}${carriedQuery(visit)}` });

const decide: Handler = async (visit) => {
  const itemKeys = fields(visit, 'item', MANY_MAX);
  const asked: Asked = { decision: field(visit, 'decision', 60), until: field(visit, 'until', 10), note: field(visit, 'note', 4_000) };
  const isTake = field(visit, 'take', 3) === 'yes';
  const [action = '', reason = ''] = isTake ? ['take'] : asked.decision.split(':');
  const isKnown = isTake || ACTIONS.some((one) => one === action && REASONS[one].includes(reason));
  const faults = [
    ...(itemKeys.length === 0 ? [{ field: 'items', text: visit.t('clerk:many.none_ticked') }] : []),
    ...(isKnown ? [] : [{ field: 'decision', text: visit.t('suspense:errors.suspense_reason_unknown') }]),
  ];
  if (faults.length > 0) return show(visit, itemKeys.length === 0 ? fields(visit, 'shown', MANY_MAX) : itemKeys, asked, faults);
  const [refused, done]: [Refused[], string[]] = [[], []];
  for (const itemKey of itemKeys) {
    try {
      done.push(await submitOnce(visit.ctx, formIdOf(visit, itemKey), (tx) => perform({ ...visit, ctx: tx }, itemKey, action as ManyAction, { ...asked, reason })));
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('suspense.')) throw error;
      // What is wrong with what was typed is wrong for all of them.
      const typed = TYPED.find((name) => name === error.params['field']);
      if (typed !== undefined && done.length === 0) return show(visit, itemKeys, asked, [{ field: typed, text: wordsFor(visit.language).error(error.code, error.params) }]);
      refused.push({ itemKey, text: wordsFor(visit.language).error(error.code, error.params) });
    }
  }
  if (refused.length > 0) return show(visit, refused.map(({ itemKey }) => itemKey), asked, [], { refused, done: done.length });
  return redirect(`/suspense${carriedQuery(visit, { done: done.includes('proposed') ? 'many_proposed' : 'many', count: String(done.length) })}`);
};

/** Of the form and the item: sent twice, also with other items ticked, each item is decided once. */
const formIdOf = (visit: Visit, itemKey: string): string => createHash('sha256').update(`${field(visit, 'form_id', 64)} ${itemKey}`).digest('base64url');

async function perform(visit: Visit, itemKey: string, action: ManyAction, { reason, note, until }: Asked & { readonly reason: string }): Promise<string> {
  const { ctx } = visit;
  if (action !== 'take') await assertSeen(ctx, itemKey, seenIn(visit));
  switch (action) {
    case 'take': return (await takeItem(ctx, itemKey), 'taken');
    case 'hold': return (await holdItem(ctx, { itemKey, until, reason, note }), 'held');
    case 'close': return (await closeEntry(ctx, { itemKey, reason, note })).state;
    case 'return': return (await returnToSender(ctx, { itemKey, reason, note })).state;
  }
}
