/** What a partner is told about a line of its own list, from the outcome and its reasons. Codes; the words are in locales, in the partner's language. */

export const NEEDS = ['check_cells', 'give_reference', 'reference_used', 'check_amounts', 'check_currency', 'check_date', 'check_status', 'give_transfer', 'check_transfer', 'wait_for_transfer',
  'check_disbursement', 'check_case', 'report_result', 'nothing_yet'] as const;
export type Need = (typeof NEEDS)[number];

export const TOLD_OUTCOMES = ['posted', 'returned', 'pending', 'suspense', 'duplicate', 'rejected'] as const;
export type ToldOutcome = (typeof TOLD_OUTCOMES)[number] | 'none';

const NEED_OF: readonly (readonly [RegExp, Need])[] = [
  [/^line\.(columns_surplus|cell_too_long|incomplete|formula_uncomputed)$/, 'check_cells'],
  [/^line\.reference_missing$/, 'give_reference'],
  [/^reference\.other_content$/, 'reference_used'],
  [/^line\.(settled_)?currency_/, 'check_currency'],
  [/^line\.date_/, 'check_date'],
  [/^line\.status_/, 'check_status'],
  [/^line\.(amount|amounts|rate|fee|settled)_/, 'check_amounts'],
  [/^transfer\.missing$/, 'give_transfer'],
  [/^transfer\.(sum_differs|unclear|second_credit)$/, 'check_transfer'],
  [/^transfer\.(no_credit|taken_back)$/, 'wait_for_transfer'],
  [/^(disbursement\.|date\.before_issue|amount\.other|conflict\.disbursement_number|ambiguous\.two_disbursements)/, 'check_disbursement'],
  // One word for all that can be wrong with a case and its people: which of them it is would tell whether somebody is a party of a case.
  [/^(case_id\.|case\.|county\.|conflict\.|name\.|payer\.|receiver\.|candidates\.|ambiguous\.|note\.|weight\.|match\.)/, 'check_case'],
  [/^status\.pending$/, 'report_result'],
];

/** What to do about a line, at most two things, the plainest first; nothing where nothing is needed. */
export function needsOf(outcome: ToldOutcome, reasons: readonly string[]): Need[] {
  if (outcome === 'posted' || outcome === 'returned' || outcome === 'duplicate' || outcome === 'none') return [];
  // A pending line was matched: what is wanting is money or news, not names.
  const told = outcome === 'pending' ? (['wait_for_transfer', 'report_result'] as const) : NEEDS;
  const found = new Set(reasons.flatMap((reason) => NEED_OF.find(([form]) => form.test(reason))?.[1] ?? []));
  const needs = told.filter((need) => found.has(need)).slice(0, 2);
  return needs.length > 0 ? needs : ['nothing_yet'];
}
