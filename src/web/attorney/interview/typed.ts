import type { Finding } from '../../../platform/errors.ts';
import type { InterviewField, InterviewSection, SectionAnswers } from '../../../modules/referrals/index.ts';
import { idOf } from './questions.ts';
import type { Typed } from './questions.ts';

/** Texts may be typed longer than allowed, so that it is said and not cut off. */
const TYPED_MAX = 20_000;

/** What stands in a form for answers that are recorded. */
export function typedFrom(answers: SectionAnswers): Typed {
  const typed: Record<string, string> = {};
  const put = (name: string, value: string | boolean): void => void (typed[name] = typeof value === 'boolean' ? (value ? 'yes' : 'no') : value);
  for (const [id, answer] of Object.entries(answers)) {
    if (typeof answer === 'string' || typeof answer === 'boolean') put(id, answer);
    else answer.forEach((row, index) => Object.entries(row).forEach(([column, value]) => put(`${id}.${index}.${column}`, value)));
  }
  return typed;
}

/** The fields of a section as they were sent; `read` gives one of them. */
export function typedIn(section: InterviewSection, read: (name: string, charactersMax: number) => string): Typed {
  const typed: Record<string, string> = {};
  const take = (name: string): void => {
    const value = read(name, TYPED_MAX);
    if (value !== '') typed[name] = value;
  };
  for (const field of section.fields) {
    if (field.kind !== 'list') take(field.id);
    else for (let row = 0; row < (field.rowsMax ?? 0); row += 1) for (const column of field.fields ?? []) take(`${field.id}.${row}.${column.id}`);
  }
  return typed;
}

/** What was typed as answers, with the rows as they stand on the page: empty ones too, so that a fault points to its own row. */
export function answersIn(section: InterviewSection, typed: Typed): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const field of section.fields) {
    if (field.kind === 'list') {
      const rows = Array.from({ length: field.rowsMax ?? 0 }, (_, row) => Object.fromEntries((field.fields ?? []).flatMap((column) => entry(column, column.id, typed[`${field.id}.${row}.${column.id}`]))));
      answers[field.id] = rows.filter((row) => Object.keys(row).length > 0);
    } else for (const [id, value] of entry(field, field.id, typed[field.id])) answers[id] = value;
  }
  return answers;
}

function entry({ kind }: InterviewField, id: string, text: string | undefined): [string, string | boolean][] {
  if (text === undefined || text === '') return [];
  if (kind === 'yesno' && (text === 'yes' || text === 'no')) return [[id, text === 'yes']];
  if (kind === 'currency' || kind === 'country') return [[id, text.toUpperCase()]];
  return [[id, kind === 'amount' ? plainAmount(text) : text]];
}

/** As many people write it: `$1,250.50`. */
function plainAmount(text: string): string {
  const bare = text.replace(/^\$\s*/, '');
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
}

/** Rows closed up, as `answersIn` leaves them, so that names and pointers agree. */
export function closedUp(section: InterviewSection, typed: Typed): Typed {
  const closed: Record<string, string> = {};
  for (const field of section.fields) {
    if (field.kind !== 'list') {
      if (typed[field.id] !== undefined) closed[field.id] = typed[field.id] as string;
      continue;
    }
    let next = 0;
    for (let row = 0; row < (field.rowsMax ?? 0); row += 1) {
      const cells = (field.fields ?? []).flatMap((column) => (typed[`${field.id}.${row}.${column.id}`] === undefined ? [] : [[column.id, typed[`${field.id}.${row}.${column.id}`] as string] as const]));
      for (const [column, value] of cells) closed[`${field.id}.${next}.${column}`] = value;
      if (cells.length > 0) next += 1;
    }
  }
  return closed;
}

/** Faults by the id of the field on the page that they are about. */
export function faultsByField(findings: readonly Finding[], say: (finding: Finding) => string): Map<string, string> {
  const faults = new Map<string, string>();
  for (const finding of findings) {
    const [, part, ...rest] = (finding.path ?? '').split('/');
    const at = idOf(rest.slice(part === 'children' ? 2 : 1).join('.'));
    faults.set(at, [faults.get(at), say(finding)].filter((text) => text !== undefined).join(' '));
  }
  return faults;
}
