import { parse } from 'csv-parse/sync';
import { findTerm } from '../../../platform/glossary.ts';
import type { GlossaryStatus, GlossaryTerm } from '../../../platform/glossary.ts';
import type { Finding } from '../../../platform/errors.ts';
import { termFindings } from '../../../modules/partners/index.ts';

export const IMPORT_BYTES_MAX = 1_000_000;
const ROWS_MAX = 5_000;
export const CHANGES_MAX = 200;
const NEEDED = ['id', 'en', 'es_us', 'es_mx', 'ko', 'status'] as const;

export interface ReadTerms {
  readonly changes: readonly { readonly line: number; readonly before: GlossaryTerm; readonly after: GlossaryTerm }[];
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/** A glossary as it was saved as a spreadsheet and worked on: what differs from now, and what cannot be read, each with its line and column. */
export function readTerms(bytes: Buffer): ReadTerms {
  const fault = (code: string, more: Partial<Finding> = {}): ReadTerms => ({ changes: [], rows: 0, findings: [{ code: `glossary.${code}`, severity: 'block', ...more }] });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fault('not_utf8');
  }
  let rows: { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
  try {
    rows = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, to: ROWS_MAX + 2, delimiter: text.slice(0, 400).includes(';') && !text.slice(0, 400).includes(',') ? ';' : ',' }) as unknown as typeof rows;
  } catch (error) {
    return fault('not_csv', { line: Number((error as { lines?: number }).lines ?? 1) });
  }
  const heads = rows[0]?.record.map((head) => head.trim().toLowerCase()) ?? [];
  const missing = NEEDED.filter((name) => !heads.includes(name));
  if (missing.length > 0) return fault('columns_missing', { line: 1, params: { expected: missing.join(', ') } });
  if (rows.length > ROWS_MAX + 1) return fault('too_many_rows', { params: { rowsMax: ROWS_MAX } });
  return comparedRows(rows.slice(1), heads);
}

function comparedRows(rows: readonly { readonly info: { readonly lines: number }; readonly record: readonly string[] }[], heads: readonly string[]): ReadTerms {
  const findings: Finding[] = [];
  const changes: { line: number; before: GlossaryTerm; after: GlossaryTerm }[] = [];
  const seen = new Map<string, number>();
  for (const { info: { lines: line }, record } of rows) {
    const cell = (name: string): string | undefined => (heads.includes(name) ? plain(record[heads.indexOf(name)] ?? '') : undefined);
    const id = cell('id') ?? '';
    const before = findTerm(id);
    if (!before) findings.push({ code: 'glossary.row_unknown', severity: 'block', line, path: 'id' });
    else if (seen.has(id)) findings.push({ code: 'glossary.row_twice', severity: 'block', line, path: 'id', params: { also: seen.get(id) ?? 0 } });
    else {
      seen.set(id, line);
      const after: GlossaryTerm = { id, words: { en: cell('en') ?? '', es_us: cell('es_us') ?? '', es_mx: cell('es_mx') ?? '', ko: cell('ko') ?? '' }, status: (cell('status') ?? '') as GlossaryStatus, note: cell('note') ?? before.note, source: cell('source') ?? before.source };
      if (JSON.stringify(after) === JSON.stringify({ id, words: before.words, status: before.status, note: before.note, source: before.source })) continue;
      findings.push(...termFindings(after).map((one) => ({ ...one, line, path: (one.path ?? '').replace(/^\/(words\/)?/, '') })));
      changes.push({ line, before, after });
    }
  }
  if (changes.length > CHANGES_MAX) findings.push({ code: 'glossary.too_many_changes', severity: 'block', params: { changesMax: CHANGES_MAX } });
  return { changes, rows: rows.length, findings };
}

/** A cell as it was meant: the mark before what a spreadsheet would compute goes again. */
const plain = (text: string): string => text.trim().replace(/^'(?=[=+\-@\t\r])/, '');
