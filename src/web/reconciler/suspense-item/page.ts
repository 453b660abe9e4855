import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { assertSeen, fourEyes, getSuspenseItem, neighbourInSuspense, readEvidence, REASONS } from '../../../modules/reconciliation/index.ts';
import type { CreditProposal, SuspenseDetails } from '../../../modules/reconciliation/index.ts';
import { newFormId } from '../../form-id.ts';
import { addressWith } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { decisionTold } from '../suspense/decision-told.ts';
import { carriedQuery, isStateOpen, listOfSuspense } from '../suspense/list-of-suspense.ts';
import { disburseBy } from '../disburse-clock.ts';
import { entryTail } from '../entry-name.ts';
import { seenIn } from '../seen-in.ts';
import { differenceInWords } from '../transfer-difference.ts';
import { casesBeside } from './cases-beside.ts';
import { PART_ROWS, perform } from './perform.ts';
import { sidesOf } from './sides.ts';

/** What ends the work on an item: then the next one of the list comes up by itself. */
const ENDS = ['match', 'split', 'duplicate', 'return', 'assign', 'close', 'hold'];
/** Before these, whatever others wrote or decided since the page was opened is looked at. */
const AFTER_LOOKING = [...ENDS, 'unmatch', 'refuse', 'cancel_return', 'sent', 'approve'];
const SEARCH_CHARACTERS_MAX = 200;

/** What somebody typed into one of the page's forms, and why it was refused. */
export type Sent = { readonly action: string; readonly values: Readonly<Record<string, string>>; readonly refusal: AppError };

/** One item: the line as printed beside the cases in question, its transfer and money, what was written and decided; and the forms that decide. */
export const suspenseItemPage: Page = {
  path: '/suspense/:itemKey',
  access: 'suspense.view',
  get: (visit) => show(visit, null),
  post: async (visit) => {
    const itemKey = pathText(visit, 'itemKey');
    const action = field(visit, 'action', 40);
    try {
      return redirect(await submitOnce(visit.ctx, field(visit, 'form_id', 64), (tx) => performAndGoOn({ ...visit, ctx: tx }, itemKey, action)));
    } catch (error) {
      if (!(error instanceof AppError) || !/^(suspense|cases)\./.test(error.code) || error.code === 'suspense.item_unknown') throw error;
      return show(visit, { action, values: typed(visit), refusal: error });
    }
  },
};

/** Does it, and says where to go on: to the next item of the list where the work on this one is done, else back to it. */
async function performAndGoOn(visit: Visit, itemKey: string, action: string): Promise<string> {
  const list = listOfSuspense(visit);
  if (AFTER_LOOKING.includes(action)) await assertSeen(visit.ctx, itemKey, seenIn(visit));
  const isEnd = ENDS.includes(action) || (list.show === 'proposed' && (action === 'approve' || action === 'reject'));
  // Looked for before the decision, while the item still has its place in the list.
  const next = isEnd ? await neighbourInSuspense(visit.ctx, list, { itemKey }, isStateOpen) : itemKey;
  const done = await perform(visit, itemKey, action);
  if (!isEnd) return `/suspense/${encodeURIComponent(itemKey)}${carriedQuery(visit, { done })}`;
  return `/suspense${next === null ? '' : `/${next}`}${carriedQuery(visit, { done, of: itemKey })}`;
}

/** To the item after this one in its list, or before it; at either end back to the list. */
const neighbour = (isBack: boolean): Handler => async (visit) => {
  const next = await neighbourInSuspense(visit.ctx, listOfSuspense(visit), { itemKey: pathText(visit, 'itemKey'), isBack }, isStateOpen);
  return redirect(`/suspense${next === null ? '' : `/${next}`}${carriedQuery(visit)}`);
};
export const nextItemPage: Page = { path: '/suspense/:itemKey/next', access: 'suspense.view', get: neighbour(false) };
export const previousItemPage: Page = { path: '/suspense/:itemKey/previous', access: 'suspense.view', get: neighbour(true) };

const typed = (visit: Visit): Record<string, string> => Object.fromEntries(
  ['case_id', 'case_other', 'disbursement_id', 'disbursement_other', 'target', 'reason', 'note', 'learn', 'of', 'until', 'debit', 'transfer', ...Array.from({ length: PART_ROWS }, (_, i) => [`case_${i}`, `amount_${i}`]).flat()]
    .map((name) => [name, field(visit, name, 2_000)]));

const STATUS: Readonly<Record<string, number>> = { conflict: 409, forbidden: 403, not_found: 404 };

async function show(visit: Visit, sent: Sent | null): Promise<Reply> {
  const { ctx, language } = visit;
  const itemKey = pathText(visit, 'itemKey');
  const search = queryText(visit, 'search', SEARCH_CHARACTERS_MAX);
  const beside = await casesBeside(ctx, search);
  const item = await getSuspenseItem(ctx, itemKey, beside.map((c) => c.caseId));
  const cases = await casesBeside(ctx, '', item.line?.cases.map((c) => c.caseId) ?? []);
  const carriedText = carriedQuery(visit);
  const partnerId = item.line?.line.partnerId ?? item.entry?.partnerId ?? null;
  const limit = fourEyes().limit;
  return view('reconciler/suspense-item', {
    item, search, reasons: REASONS, can: mayDo(item, visit), partner: partnerId === null ? null : partnerNameOf(partnerId, visit, 'short'),
    people: (id: string | null | undefined) => (id ? (item.people.get(id) ?? id) : '—'),
    named: new Map(cases.map((c) => [c.caseId, c.people])), notFound: search !== '' && beside.length === 0,
    limit: visit.format.amount(limit.amount, limit.currency), leaseMinutes: fourEyes().leaseMinutes, partRows: PART_ROWS, formId: newFormId(), isOwnProposal: item.proposal?.proposedBy === ctx.actor.id,
    seenAt: ctx.clock.now().toISOString(), newSince: sent?.refusal.code === 'suspense.touched_meanwhile' ? seenIn(visit) : null,
    sent: { action: sent?.action ?? '', values: sent?.values ?? {} },
    faults: sent === null ? [] : [{ field: placeOf(sent), text: wordsFor(language).error(sent.refusal.code, sent.refusal.params) }],
    told: sent === null ? decisionTold(visit, itemKey) : null, carriedText, carried: [...new URLSearchParams(carriedText)], refuse: queryText(visit, 'refuse', 80),
    ...moneyOf(item, visit), sides: item.line === null ? null : sidesOf(item.line, visit), withQuery: (changes: Record<string, string>) => addressWith(visit, { ...changes, of: '' }),
  }, sent === null ? 200 : (STATUS[sent.refusal.kind] ?? 422));
}

/** The money of a line or an entry: by when it has to go on, and why credit and lines differ; and of a credit what speaks for each of its proposals. */
function moneyOf({ line, entry, proposals }: SuspenseDetails, visit: Visit) {
  const told = line?.line;
  return {
    due: disburseBy(visit.ctx, told?.creditedOn ?? (entry?.direction === 'credit' ? entry.bookedOn : null)), tail: entry === null ? '' : entryTail(entry.entryId),
    difference: told === undefined
      ? differenceInWords(visit, { partnerId: entry?.partnerId ?? null, sumMinor: entry?.transferSumMinor ?? null, sumCurrency: entry?.transferCurrency ?? null, creditMinor: entry?.amountMinor ?? null, creditCurrency: entry?.currency ?? null })
      : differenceInWords(visit, { partnerId: told.partnerId, sumMinor: told.transferSumMinor, sumCurrency: told.settledCurrency, creditMinor: told.creditMinor, creditCurrency: told.creditCurrency }),
    weighedOf: (proposal: CreditProposal) => readEvidence(proposal.weighed, proposals.map(({ weighed }) => weighed)),
  };
}

/** Which forms there are, by what the item is now: what would be refused anyway is not offered. */
function mayDo(item: SuspenseDetails, visit: Visit) {
  const canDecide = isAllowed(visit.ctx, 'suspense.decide') && item.proposal === null && !item.isTakenByOther;
  const { line, entry } = item;
  const isOrdered = item.ordered?.state === 'ordered';
  const waits = line !== null && ['suspense', 'rejected'].includes(line.line.outcome) && !isOrdered;
  const isBooked = line !== null && (line.line.outcome === 'posted' || line.line.outcome === 'pending' || (line.line.outcome === 'returned' && line.line.kind === 'forwarding'));
  const isOpenEntry = entry !== null && ['unmatched', 'unexplained'].includes(entry.outcome) && !isOrdered && item.ordered?.state !== 'sent' && !entry.isTakenBack;
  return {
    decide: canDecide, take: canDecide && (waits || isOpenEntry || isOrdered || item.isMine), approve: isAllowed(visit.ctx, 'suspense.approve') && item.proposal !== null,
    match: canDecide && waits, split: canDecide && waits && line.line.kind === 'remittance', refuse: canDecide && waits, duplicate: canDecide && waits,
    return: canDecide && ((waits && line.line.kind === 'remittance') || (isOpenEntry && entry.isPosted)), unmatch: canDecide && isBooked,
    cancelReturn: canDecide && isOrdered, close: canDecide && isOpenEntry && !entry.isPosted, hold: canDecide && (waits || isOpenEntry), assign: canDecide && isOpenEntry && !entry.isPosted && item.proposals.some((p) => p.kind === 'one_transfer'),
  };
}

/** The field that a refusal is about, in the form that was sent; else the top of the page. */
function placeOf({ action, refusal }: Sent): string {
  const FIELDS: Readonly<Record<string, string>> = { caseId: 'case_other', disbursementId: 'disbursement_other', parts: 'case_0', reason: 'reason', note: 'note', learn: 'learn', of: 'of', until: 'until', debit: 'debit', transfer: 'transfer' };
  const name = FIELDS[String(refusal.params['field'] ?? '')];
  return name === undefined ? 'item' : `${action}-${name}`;
}
