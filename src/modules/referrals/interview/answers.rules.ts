import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding, Param } from '../../../platform/errors.ts';
import { valueFaults } from './answer-values.rules.ts';
import { textFaults } from './free-text.rules.ts';
import { findSection } from './interview-definition.rules.ts';
import type { InterviewAnswers, InterviewDefinition, InterviewField, InterviewSection, SectionAnswers, StoredAnswer } from './interview-definition.rules.ts';

type Report = (code: string, path: string, params?: Record<string, Param>) => void;
type Loose = Readonly<Record<string, unknown>>;

/** Where a child's answers stand, and no more children than a case can have. */
const CHILDREN_MAX = 40;

/**
 * What is wrong with answers, each at its place (JSON pointer); anything that is no interview at all is a finding too.
 * `children` are the numbers of the case's children, where they are known; what is said to have happened does not lie after `today`, the agency's day.
 */
export function validateAnswers(definition: InterviewDefinition, answers: unknown, children?: readonly string[], today?: CalendarDate): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, path, params) => void findings.push({ code: `interview.${code}`, severity: 'block', path, ...(params ? { params } : {}) });
  if (!isRecord(answers)) return [{ code: 'interview.unreadable', severity: 'block', path: '/' }];
  for (const key of Object.keys(answers)) if (key !== 'sections' && key !== 'children') report('unknown_field', `/${pointerPart(key)}`);
  checkSections(definition, answers['sections'] ?? {}, 'case', '/sections', report, today);
  const given = answers['children'] ?? {};
  if (!isRecord(given) || Object.keys(given).length > CHILDREN_MAX) report('unreadable', '/children');
  else {
    for (const [child, sections] of Object.entries(given)) {
      const path = `/children/${pointerPart(child)}`;
      if (children && !children.includes(child)) report('unknown_child', path);
      else checkSections(definition, sections, 'child', path, report, today);
    }
  }
  return findings;
}

function checkSections(definition: InterviewDefinition, given: unknown, scope: InterviewSection['scope'], path: string, report: Report, today?: CalendarDate): void {
  if (!isRecord(given)) return report('unreadable', path);
  for (const [id, answers] of Object.entries(given)) {
    const section = findSection(definition, id);
    const at = `${path}/${pointerPart(id)}`;
    if (section?.scope !== scope) report('unknown_section', at);
    else if (!isRecord(answers)) report('unreadable', at);
    else checkFields(section.fields, answers, at, report, today);
  }
}

function checkFields(fields: readonly InterviewField[], answers: Loose, path: string, report: Report, today?: CalendarDate): void {
  for (const [id, value] of Object.entries(answers)) {
    const field = fields.find((one) => one.id === id);
    const at = `${path}/${pointerPart(id)}`;
    if (!field) report('unknown_field', at);
    else if (field.kind === 'list') checkRows(field, value, at, report, today);
    else for (const { code, params } of valueFaults(field, value, answers, today)) report(code, at, params);
  }
  for (const [from, until] of ORDERED) {
    const [first, last] = [answers[from], answers[until]];
    if (typeof first === 'string' && typeof last === 'string' && isKnown(fields, from, until) && last < first) report('order_reversed', `${path}/${until}`);
  }
}

/** Days of which one cannot come before the other, wherever a section has both. */
const ORDERED: readonly (readonly [string, string])[] = [['from', 'to'], ['since', 'until'], ['marriedOn', 'separatedOn'], ['marriedOn', 'divorcedOn']];

function isKnown(fields: readonly InterviewField[], ...ids: readonly string[]): boolean {
  return ids.every((id) => fields.some((field) => field.id === id && (field.kind === 'date' || field.kind === 'month')));
}

function checkRows(field: InterviewField, value: unknown, path: string, report: Report, today?: CalendarDate): void {
  if (!Array.isArray(value)) return report('wrong_kind', path);
  if (value.length > (field.rowsMax ?? 0)) return report('too_many_rows', path, { max: field.rowsMax ?? 0 });
  value.forEach((row: unknown, index) => {
    if (isRecord(row)) checkFields(field.fields ?? [], row, `${path}/${index}`, report, today);
    else report('wrong_kind', `${path}/${index}`);
  });
}

/** The same answers in one spelling: texts trimmed, nothing empty, everything in the definition's order. Unknown parts stay, to be refused. */
export function tidyAnswers(definition: InterviewDefinition, answers: unknown): unknown {
  if (!isRecord(answers)) return answers;
  const { sections = {}, children = {}, ...rest } = answers as { sections?: unknown; children?: unknown };
  const tidyAll = (given: unknown): unknown => (isRecord(given) ? tidySections(definition, given) : given);
  const tidyChildren = isRecord(children)
    ? Object.fromEntries(Object.entries(children).sort(([a], [b]) => (a < b ? -1 : 1)).map(([child, given]) => [child, tidyAll(given)]).filter(([, given]) => !isEmptyRecord(given)))
    : children;
  return { ...rest, sections: tidyAll(sections), children: tidyChildren };
}

function tidySections(definition: InterviewDefinition, given: Loose): Loose {
  const order = definition.sections.map((section) => section.id);
  const tidied = inOrder(given, order).map(([id, answers]) => [id, isRecord(answers) ? tidyFields(findSection(definition, id)?.fields ?? [], answers) : answers] as const);
  return Object.fromEntries(tidied.filter(([, answers]) => !isEmptyRecord(answers)));
}

function tidyFields(fields: readonly InterviewField[], given: Loose): Loose {
  const tidied = inOrder(given, fields.map((field) => field.id)).map(([id, value]) => [id, tidyValue(fields.find((field) => field.id === id), value)] as const);
  return Object.fromEntries(tidied.filter(([, value]) => value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

function tidyValue(field: InterviewField | undefined, value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  if (!Array.isArray(value)) return value;
  return value.map((row: unknown) => (isRecord(row) ? tidyFields(field?.fields ?? [], row) : row)).filter((row) => !isEmptyRecord(row));
}

function inOrder(given: Loose, order: readonly string[]): [string, unknown][] {
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.entries(given).sort(([a], [b]) => place(a) - place(b));
}

/** Answers that were found without fault, typed. */
export const asAnswers = (tidied: unknown): InterviewAnswers => tidied as InterviewAnswers;

export function answerOf(answers: SectionAnswers | undefined, field: string): StoredAnswer | undefined {
  return answers && Object.hasOwn(answers, field) ? answers[field] : undefined;
}

export function isRecord(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isEmptyRecord = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

/** A key as part of a JSON pointer; one that no definition or case could have, or that is somebody's number, is not repeated. */
export function pointerPart(key: string): string {
  return /^[\p{L}\p{N}_. -]{1,64}$/u.test(key) && textFaults(key).length === 0 ? key : '*';
}
