import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { approveDecision, HOLD_SORTS, listBankMovements, listHolds, MOVEMENT_SORTS, REASONS, rejectDecision, releaseHold } from '../../../modules/reconciliation/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { newFormId } from '../../form-id.ts';
import { csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { namedCsv, namedHeads, namedPage, namedPaging, namedSort, wantsNamedCsv } from '../../named-list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { entryTail } from '../entry-name.ts';
import { amountCells, linesOf, partnerOf } from '../money-list.ts';

const MOVEMENTS = 'movements';
const DONE = ['proposed', 'approved', 'rejected', 'withdrawn'];

/** Cases whose next disbursement waits, with the cause and its release by two people; and entries of the bank that bring money back or take it away. */
export const holdsPage: Page = {
  path: '/holds',
  access: 'suspense.view',
  get: (visit) => (wantsNamedCsv(visit, MOVEMENTS) ? movementsCsv(visit) : wantsCsv(visit) ? csv(visit) : show(visit, null)),
  post: async (visit) => {
    try {
      const done = await submitOnce(visit.ctx, field(visit, 'form_id', 64), (tx) => perform({ ...visit, ctx: tx }));
      return redirect(`/holds?done=${done}`);
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('suspense.')) throw error;
      return show(visit, error);
    }
  },
};

async function perform(visit: Visit): Promise<string> {
  const [reason, note, decision] = [field(visit, 'reason', 40), field(visit, 'note', 4_000), field(visit, 'decision', 40)];
  switch (field(visit, 'action', 20)) {
    case 'release_hold': return (await releaseHold(visit.ctx, { itemKey: `hold-${field(visit, 'hold', 40)}`, reason, note })).state;
    case 'approve': return (await approveDecision(visit.ctx, decision), 'approved');
    case 'reject': return (await rejectDecision(visit.ctx, decision, { reason: 'other', note })).state;
    default: throw new AppError('invalid', 'web.unreadable_form');
  }
}

const isReleasedOf = (visit: Visit): boolean => queryText(visit, 'show', 10) === 'released';
const sortOfHolds = (visit: Visit) => sortOf(visit, HOLD_SORTS, isReleasedOf(visit) ? { by: 'released', isDescending: true } : { by: 'since', isDescending: false });

function csv(visit: Visit): Promise<Reply> {
  const say = (key: string): string => visit.t(`suspense:holds.${key}`);
  const words = wordsFor(visit.language);
  return csvOf(visit, 'holds', [say('case'), say('cause'), visit.t('clerk:csv.disbursement'), visit.t('suspense:page.amount'), visit.t('clerk:csv.currency'), say('since'), say('release')], linesOf((page) => listHolds(visit.ctx, { show: isReleasedOf(visit) ? 'released' : 'open', page, sort: sortOfHolds(visit) }), (hold) =>
    telling([hold.caseId, words.reason(hold.reason), hold.disbursementId ?? '', ...amountCells(hold.amountMinor, hold.currency), hold.sinceOn, hold.releasedAt === null || hold.releaseReason === null ? '' : `${hold.releasedAt.toISOString()} ${words.reason(hold.releaseReason)}`], { case: hold.caseId })));
}

function movementsAsked(visit: Visit) {
  const direction = choiceOf(visit, 'direction', visit.t('suspense:page.kind'), (['credit', 'debit'] as const).map((one) => [one, visit.t(`suspense:kind.${one}`)] as const));
  return { direction, query: { direction: chosen(direction), sort: namedSort(visit, MOVEMENTS, MOVEMENT_SORTS, { by: 'found', isDescending: false }) } };
}

/** Bank entries that bring money back or take it away, a list of its own. */
async function movementsOf(visit: Visit) {
  const { t } = visit;
  const { direction, query } = movementsAsked(visit);
  const { rows, total, page, pageSize } = await listBankMovements(visit.ctx, { ...query, page: namedPage(visit, MOVEMENTS) });
  return {
    rows: rows.map((m) => ({ ...m, partner: partnerOf(visit, m.partnerId), tail: entryTail(m.entryId) })), choices: [direction], csv: namedCsv(visit, MOVEMENTS), paging: namedPaging(visit, MOVEMENTS, page, page * pageSize < total),
    heads: namedHeads(visit, MOVEMENTS, [
      { label: t('suspense:holds.booked_on'), sort: 'booked' }, { label: t('suspense:page.kind') }, { label: t('suspense:page.amount'), sort: 'amount', isNumber: true }, { label: t('suspense:holds.found'), sort: 'found' },
      { label: t('suspense:page.partner'), sort: 'partner' },
    ], query.sort),
  };
}

function movementsCsv(visit: Visit): Promise<Reply> {
  const { t } = visit;
  const words = wordsFor(visit.language);
  const { query } = movementsAsked(visit);
  const heads = [t('suspense:item.reference'), t('suspense:holds.booked_on'), t('suspense:page.kind'), t('suspense:page.amount'), t('clerk:csv.currency'), t('suspense:holds.found'), t('suspense:page.partner')];
  return csvOf(visit, 'bank-movements', heads, linesOf((page) => listBankMovements(visit.ctx, { ...query, page }), (m) => [
    m.entryId, m.bookedOn ?? '', t(`suspense:kind.${m.direction}`), ...amountCells(m.amountMinor, m.currency), [t(`suspense:holds.outcome.${m.outcome}`), ...m.reasons.map((reason) => words.reason(reason))].join(' · '), partnerOf(visit, m.partnerId),
  ]));
}

/** The field of the hold's own form that a refusal is about, where it is on the page. */
function placeOf(visit: Visit, refusal: AppError, rows: readonly { readonly holdId: string }[]): string {
  const index = rows.findIndex(({ holdId }) => holdId === field(visit, 'hold', 40));
  const name = ['reason', 'note'].find((one) => one === refusal.params['field']);
  return index < 0 || name === undefined ? 'holds' : `${name}-${index}`;
}

const STATUS: Readonly<Record<string, number>> = { conflict: 409, forbidden: 403, not_found: 404 };

async function show(visit: Visit, refusal: AppError | null): Promise<Reply> {
  const [isReleased, sort] = [isReleasedOf(visit), sortOfHolds(visit)];
  const { rows, total, page, pageSize } = await listHolds(visit.ctx, { show: isReleased ? 'released' : 'open', page: queryPage(visit), sort });
  await noteShown(visit, 'holds', rows, ({ caseId }) => ({ case: caseId }));
  const done = queryText(visit, 'done', 12);
  return view('reconciler/holds', {
    isReleased, formId: newFormId(), reasons: REASONS.release_hold, canDecide: isAllowed(visit.ctx, 'suspense.decide'), done: DONE.includes(done) ? done : null,
    tabs: [{ name: 'open', href: addressWith(visit, { show: '', page: '', sort: '' }) }, { name: 'released', href: addressWith(visit, { show: 'released', page: '', sort: '' }) }],
    csv: csvAddress(visit), orders: headsOf(visit, [{ label: visit.t('suspense:holds.since'), sort: 'since' }, { label: visit.t('suspense:holds.case'), sort: 'case' }, ...(isReleased ? [{ label: visit.t('suspense:holds.release'), sort: 'released' as const }] : [])], sort),
    holds: rows.map((hold) => ({ ...hold, isOwn: hold.proposedBy === visit.ctx.actor.id })),
    movements: await movementsOf(visit),
    sent: refusal === null ? null : { hold: field(visit, 'hold', 40), reason: field(visit, 'reason', 40), note: field(visit, 'note', 4_000) },
    faults: refusal === null ? [] : [{ field: placeOf(visit, refusal, rows), text: wordsFor(visit.language).error(refusal.code, refusal.params) }],
    paging: pagingNumbered(visit, page, page * pageSize < total),
  }, refusal === null ? 200 : (STATUS[refusal.kind] ?? 422));
}
