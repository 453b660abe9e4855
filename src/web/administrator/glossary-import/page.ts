import { saveTerms, TERM_COLUMNS } from '../../../modules/partners/index.ts';
import { refreshKits } from '../../../modules/partners/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { findTerm } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { newFormId } from '../../form-id.ts';
import { field, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { IMPORT_BYTES_MAX, readTerms } from './read-csv.ts';
import type { ReadTerms } from './read-csv.ts';

const FAULTS_MAX = 50;

function show(visit: Visit, { read = null, faults = [] }: { readonly read?: ReadTerms | null; readonly faults?: readonly string[] } = {}, status = 200): Reply {
  const { t } = visit;
  return view('administrator/glossary-import', {
    faults: faults.map((text) => ({ field: 'file', text })), formId: newFormId(),
    changes: read && read.changes.map(({ line, before, after }) => ({ line, id: after.id, cells: cellsOf(before).flatMap(([name, text], index) => {
      const now = cellsOf(after)[index]?.[1] ?? '';
      return text === now ? [] : [{ label: t(`admin:term.${name}`), before: text, after: now }];
    }) })),
    rows: read?.rows ?? 0, terms: read === null ? '' : JSON.stringify(read.changes.map(({ after }) => after)),
  }, status);
}

const cellsOf = ({ words, status, note, source }: GlossaryTerm): [string, string][] => [...TERM_COLUMNS.map((column): [string, string] => [column, words[column]]), ['status', status], ['note', note], ['source', source]];

async function uploaded(visit: Visit): Promise<Buffer | null> {
  const { upload } = visit.req;
  if (!upload || upload.fileName === '') return null;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of upload.source as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > IMPORT_BYTES_MAX) throw new AppError('invalid', 'glossary.file_too_large', { params: { bytesMax: IMPORT_BYTES_MAX } });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const preview: Handler = async (visit) => {
  const words = wordsFor(visit.language);
  let bytes: Buffer | null;
  try {
    bytes = await uploaded(visit);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return show(visit, { faults: [words.error(error.code, error.params)] }, 422);
  }
  if (bytes === null || bytes.length === 0) return show(visit, { faults: [visit.t('admin:import.file_missing')] }, 422);
  const read = readTerms(bytes);
  if (read.findings.length > 0) {
    return show(visit, { faults: read.findings.slice(0, FAULTS_MAX).map((one) => (one.line === undefined ? words.finding(one) : visit.t('admin:import.at', { line: one.line, column: one.path ?? '', what: words.finding(one) }))) }, 422);
  }
  return show(visit, { read });
};

const confirm: Handler = async (visit) => {
  const terms = termsOf(field(visit, 'terms', 400_000));
  if (terms === null) throw new AppError('invalid', 'glossary.preview_unreadable');
  const to = await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => `/administration/glossary?status=changed&done=${await saveTerms(tx, terms)}`);
  await refreshKits(visit.ctx);
  return redirect(to);
};

function termsOf(text: string): GlossaryTerm[] | null {
  try {
    const given: unknown = JSON.parse(text);
    if (!Array.isArray(given)) return null;
    return given.map((one: Partial<GlossaryTerm> | null) => {
      const said = (value: unknown): string => (typeof value === 'string' ? value : '');
      if (one === null || findTerm(said(one.id)) === null) throw new Error('unknown');
      const { words } = one;
      return { id: said(one.id), words: { en: said(words?.en), es_us: said(words?.es_us), es_mx: said(words?.es_mx), ko: said(words?.ko) }, status: said(one.status) as GlossaryTerm['status'], note: said(one.note), source: said(one.source) };
    });
  } catch {
    return null;
  }
}

/** A glossary that was worked on as a spreadsheet: what it would change is shown first. */
export const glossaryImportPages: readonly Page[] = [
  { path: '/administration/glossary-import', access: 'glossary.manage', get: async (visit) => Promise.resolve(show(visit)), post: preview },
  { path: '/administration/glossary-import/confirm', access: 'glossary.manage', get: async () => Promise.resolve(redirect('/administration/glossary-import')), post: confirm },
];
