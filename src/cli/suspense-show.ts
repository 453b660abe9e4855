import { wordsForCode } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import type { LineDetails, SuspenseDetails } from '../modules/reconciliation/index.ts';
import type { Io } from './command.ts';

type Fact = readonly [label: string, value: string];

const money = (minor: bigint | null, currency: string | null): string => (minor === null || currency === null ? '' : `${formatMajor(minor, currency)} ${currency}`);
const reasonWords = (io: Io, reasons: readonly string[]): string => reasons.map((reason) => wordsForCode(io.language, 'reasons', reason)).join('; ');

/** One item as its page shows it: what was printed, its money, the cases in question with what speaks for each, what people wrote and decided. */
export function tellItem(io: Io, item: SuspenseDetails): void {
  const word = (key: string, params?: Record<string, string | number>): string => io.words(`suspense:item.${key}`, params);
  const facts = (rows: readonly Fact[]): void => {
    for (const [label, value] of rows.filter(([, text]) => text !== '')) io.say(`  ${word(label)}: ${value}`);
  };
  if (item.line !== null) tellLine(io, item.line, word, facts);
  if (item.entry !== null) {
    io.say(word('entry'));
    facts([['amount', money(item.entry.amountMinor, item.entry.currency)], ['credited_on', item.entry.bookedOn ?? ''], ['transfer_number', item.entry.transfer ?? ''], ['why', reasonWords(io, item.entry.reasons)]]);
  }
  if (item.notes.length > 0) io.say(word('notes'));
  for (const note of item.notes) io.say(`  ${item.people.get(note.writtenBy) ?? note.writtenBy}: ${note.text}`);
  if (item.decisions.length > 0) io.say(word('history'));
  for (const d of item.decisions) io.say(`  ${d.decisionId} ${io.words(`suspense:action.${d.action}`)}: ${io.words(`suspense:decision_state.${d.state}`)}`);
}

function tellLine(io: Io, { line, ranking, cases }: LineDetails, word: (key: string, params?: Record<string, string | number>) => string, facts: (rows: readonly Fact[]) => void): void {
  io.say(word('line', { line: line.lineNumber, file: line.fileName }));
  facts([
    ['outcome', io.words(`reconciliation:outcome.${line.outcome}`)], ['why', reasonWords(io, line.reasons)], ['reference', line.reference], ['file_number', line.givenCaseId ?? ''],
    ['disbursement_number', line.givenDisbursementId ?? ''], ['payee', line.payeeName], ['obligor', line.obligorName], ['obligee', line.obligeeName], ['amount', money(line.amountMinor, line.currency)],
    ['rate', line.rate ?? ''], ['fee', money(line.feeMinor, line.settledCurrency)], ['remitted', line.kind === 'remittance' ? money(line.settledMinor, line.settledCurrency) : ''],
    ['happened', line.happenedOn ?? ''], ['remark', line.note],
  ]);
  if (line.kind === 'remittance') {
    io.say(word('transfer'));
    facts([['transfer_number', line.transferReference ?? word('no_transfer')], ['transfer_state', io.words(`suspense:transfer.${line.transferState ?? 'none'}`)], ['transfer_sum', money(line.transferSumMinor, line.settledCurrency)]]);
  }
  io.say(word('candidates'));
  if (cases.length === 0) io.say(`  ${word('no_candidates')}`);
  for (const one of cases) {
    const rank = one.rank === null ? [] : [word('share', { share: `${Math.round(one.rank.probability * 100)} %` }), word('bits', { bits: one.rank.bits.toFixed(1) })];
    const marks = [...rank, one.isOpen ? '' : word('closed_case'), one.isRefused ? word('refused') : '', reasonWords(io, one.rank?.reasons ?? [])];
    io.say(`  ${[one.caseId, ...marks].filter((text) => text !== '').join(' · ')}`);
  }
  if (ranking !== null && cases.length > 0) io.say(`  ${ranking.ruleVersion}`);
}
