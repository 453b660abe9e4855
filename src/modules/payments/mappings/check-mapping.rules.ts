import type { Finding } from '../../../platform/errors.ts';
import { isCurrency } from '../../../platform/money.ts';
import type { FileDialect } from '../../partners/index.ts';
import type { ColumnMapping } from '../formats/tables/mapping.rules.ts';
import { foldWord } from '../formats/tables/text.rules.ts';

/** What a mapping of the right shape can still have wrong: two fields from one column, a field that this kind of list does not have, a rule for nothing. */

/** An amount and its currency may stand in one cell; nothing else shares a column. */
const MAY_SHARE: Readonly<Record<string, string>> = { currency: 'amount', settledCurrency: 'settled' };

export function mappingFindings(mapping: ColumnMapping, dialect: FileDialect): Finding[] {
  const findings: Finding[] = [];
  const block = (code: string, path: string, params?: Finding['params']) => findings.push({ code, severity: 'block', path, ...(params ? { params } : {}) });
  const takenBy = new Map<string, string>();
  for (const [field, headings] of Object.entries(mapping.columns)) {
    if (!(field in dialect.columns)) block('mapping.no_such_field', `/columns/${field}`);
    for (const heading of [headings].flat()) {
      const word = keyOf(heading);
      if (word === '') block('mapping.heading_empty', `/columns/${field}`);
      else if (mapping.headingLine === 0 && !word.startsWith('#')) block('mapping.needs_places', `/columns/${field}`);
      const other = takenBy.get(word);
      if (other === undefined) takenBy.set(word, field);
      else if (MAY_SHARE[field] !== other && MAY_SHARE[other] !== field) block('mapping.heading_twice', `/columns/${field}`, { other });
    }
  }
  checkSigns(mapping, takenBy, block);
  for (const [field, currency] of Object.entries(mapping.fixed ?? {})) {
    const admitted = field === 'currency' ? dialect.currencies.amount : dialect.currencies.settled;
    if (!isCurrency(currency) || !admitted.includes(currency)) block('mapping.currency_not_admitted', `/fixed/${field}`, { expected: admitted.join(', ') });
    if (field in mapping.columns) block('mapping.fixed_and_mapped', `/fixed/${field}`);
  }
  return findings;
}

function checkSigns(mapping: ColumnMapping, takenBy: ReadonlyMap<string, string>, block: (code: string, path: string, params?: Finding['params']) => void): void {
  const seen = new Set<string>();
  (mapping.signs ?? []).forEach((sign, at) => {
    const path = `/signs/${at}`;
    if (seen.has(sign.field)) block('mapping.sign_twice', path);
    seen.add(sign.field);
    if (sign.rule === 'two_columns') {
      if (sign.field in mapping.columns) block('mapping.sign_and_column', path);
      if (keyOf(sign.positive) === keyOf(sign.negative)) block('mapping.heading_twice', path, { other: sign.field });
    } else if (!(sign.field in mapping.columns)) block('mapping.sign_without_column', path);
    if (sign.rule === 'flag' && sign.positive.some((word) => sign.negative.some((other) => foldWord(word) === foldWord(other)))) block('mapping.flag_both_ways', path);
    for (const heading of sign.rule === 'flag' ? [sign.column] : sign.rule === 'two_columns' ? [sign.positive, sign.negative] : []) {
      const other = takenBy.get(keyOf(heading));
      if (other !== undefined) block('mapping.heading_twice', path, { other });
    }
  });
}

/** Headings are compared as the reader compares them; a place stays a place. */
const keyOf = (heading: string): string => (/^#[1-9]\d{0,2}$/.test(heading.trim()) ? heading.trim() : foldWord(heading));
