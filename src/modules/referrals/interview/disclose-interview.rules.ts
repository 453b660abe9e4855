import { PAYING_ROLES, RECEIVING_ROLES, textGate } from '../../cases/index.ts';
import type { DisclosureDecision, Recipient, SupportCase, TextGate } from '../../cases/index.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isRecord, pointerPart } from './answers.rules.ts';
import { valueFaults } from './answer-values.rules.ts';
import type { InterviewAnswers, InterviewDefinition, InterviewField, InterviewSection, SectionAnswers } from './interview-definition.rules.ts';
import type { Answer, PacketInterview, PlainAnswer } from '../packets/packet-model.rules.ts';

/** A text of the interview that a person translates before the packet is sealed. */
export interface NarrativeSource {
  /** `interview.conception.likeness`. */
  readonly id: string;
  /** The child's number in the packet (`P3`); null where it is of the case. */
  readonly participantId: string | null;
  readonly text: string;
  readonly language: string;
}

/** A short text that leaves in its own language, with its place in the interview. */
export interface WrittenAnswer {
  readonly path: string;
  readonly text: string;
}

export interface InterviewToDisclose {
  readonly definition: InterviewDefinition;
  readonly answers: InterviewAnswers;
  readonly language: string;
  /** From whom the answers come: who was interviewed. Anything else is not known to be free to leave. */
  readonly source: string;
  readonly supportCase: SupportCase;
  readonly recipient: Recipient;
  /** What is asked of the partner: a section that no service asks for stays here. */
  readonly services?: readonly string[];
  readonly on: CalendarDate;
}

export interface DisclosedInterview {
  readonly interview: PacketInterview;
  readonly narrativeSources: readonly NarrativeSource[];
  /** Texts that leave as they were written. No gate knows every place: while somebody is sealed, a person reads them first. */
  readonly asWritten: readonly WrittenAnswer[];
  readonly decisions: readonly DisclosureDecision[];
  readonly findings: readonly Finding[];
  /** Knows also the places that the interview names: for every other text that goes with it. */
  readonly gate: TextGate;
}

interface Scope {
  readonly gate: TextGate;
  readonly supportCase: SupportCase;
  readonly country: string;
  readonly services: readonly string[] | undefined;
  /** The child whose answers these are. */
  readonly child: { readonly id: string; readonly number: string } | null;
  readonly language: string;
  /** The number of the row among those that leave, where a list is gone through. */
  readonly row: number | null;
  readonly decisions: DisclosureDecision[];
  readonly findings: Finding[];
  readonly narratives: NarrativeSource[];
  readonly asWritten: WrittenAnswer[];
}

/** The currency of the agency's own orders says nothing of where anybody lives. */
const OWN_CURRENCY = 'USD';

/**
 * What of an interview may leave to a partner on a day. Fails closed: what the definition does not know stays here, what tells
 * who or where a sealed person is stays here, and every free text passes the whereabouts gate of the case, which also knows
 * the places that the interview itself names. Long texts are no answers: they are handed to the translation.
 */
export function discloseInterview(given: InterviewToDisclose): DisclosedInterview {
  const { definition, answers, supportCase } = given;
  const shared = { decisions: [] as DisclosureDecision[], findings: [] as Finding[], narratives: [] as NarrativeSource[], asWritten: [] as WrittenAnswer[] };
  const interview: { sections: Record<string, Record<string, Answer>>; children: Record<string, Record<string, Record<string, Answer>>> } = { sections: {}, children: {} };
  if (given.source !== 'party') {
    shared.decisions.push({ pointer: '/interview', decision: 'withhold', reason: 'source_unknown' });
    return { interview, narrativeSources: [], asWritten: [], gate: textGate(supportCase, given.on), ...pick(shared) };
  }
  const base = { ...shared, supportCase, country: given.recipient.country, services: given.services, language: given.language, row: null };
  const gate = textGate(supportCase, given.on, placesTold(given));
  interview.sections = discloseSections(answers.sections, 'case', '/interview/sections', definition, { ...base, gate, child: null });
  for (const [id, sections] of Object.entries(answers.children)) {
    const index = supportCase.participants.findIndex((person) => person.participantId === id && person.role === 'dependent');
    const path = `/interview/children/${pointerPart(id)}`;
    if (index === -1) {
      shared.decisions.push({ pointer: path, decision: 'withhold', reason: 'unusable' });
      shared.findings.push({ code: 'interview.child_gone', severity: 'warn', path });
      continue;
    }
    const number = `P${index + 1}`;
    const open = discloseSections(sections, 'child', path, definition, { ...base, gate, child: { id, number } });
    if (Object.keys(open).length > 0) interview.children[number] = open;
  }
  return { interview, narrativeSources: shared.narratives, asWritten: shared.asWritten, gate, ...pick(shared) };
}

const pick = ({ decisions, findings }: Pick<Scope, 'decisions' | 'findings'>) => ({ decisions, findings });

function discloseSections(given: Readonly<Record<string, SectionAnswers>>, scope: InterviewSection['scope'], path: string, definition: InterviewDefinition, around: Scope): Record<string, Record<string, Answer>> {
  const open: Record<string, Record<string, Answer>> = {};
  for (const [id, answers] of Object.entries(given)) {
    const section = definition.sections.find((one) => one.id === id && one.scope === scope);
    const at = `${path}/${pointerPart(id)}`;
    // Another country's section is nobody's business there.
    if (!section || !isRecord(answers)) withhold(at, 'unknown_field', around);
    else if (section.countries && !section.countries.includes(around.country)) withhold(at, 'other_country', around);
    else if (around.services && !section.services.some((service) => around.services?.includes(service))) withhold(at, 'not_needed_abroad', around);
    else {
      const fields = discloseFields(section.fields, answers, at, section.id, around);
      if (Object.keys(fields).length > 0) open[section.id] = fields;
    }
  }
  return open;
}

function discloseFields(fields: readonly InterviewField[], given: Readonly<Record<string, unknown>>, path: string, section: string, scope: Scope): Record<string, Answer> {
  const open: Record<string, Answer> = {};
  for (const [id, value] of Object.entries(given)) {
    const field = fields.find((one) => one.id === id);
    const at = `${path}/${pointerPart(id)}`;
    if (!field) withhold(at, 'unknown_field', scope);
    else if (field.kind === 'list') {
      const rows = discloseRows(field, value, at, section, scope);
      if (rows.length > 0) open[field.id] = rows;
    } else if (mayLeave(field, value, given, at, scope)) {
      scope.decisions.push({ pointer: at, decision: 'disclose', reason: 'source_allowed' });
      if (field.kind === 'long' || field.translated === true) scope.narratives.push({ id: narrativeId(section, field, scope), participantId: scope.child?.number ?? null, text: value as string, language: scope.language });
      else if (field.kind === 'text') scope.asWritten.push({ path: at, text: value as string });
      if (field.kind !== 'long') open[field.id] = value as string | boolean;
    }
  }
  return withCurrencies(fields, open, path, scope);
}

/** The place of a text: `interview.needs.medicalNeeds`; in a list with the number of its row, `interview.service.papers.title.2`. */
function narrativeId(section: string, field: InterviewField, { row }: Pick<Scope, 'row'>): string {
  return ['interview', section, field.id, ...(row === null ? [] : [row])].join('.');
}

/** An amount without its currency says nothing, so it stays too; one whose currency is fixed brings it. */
function withCurrencies(fields: readonly InterviewField[], open: Record<string, Answer>, path: string, scope: Scope): Record<string, Answer> {
  for (const { id, kind, currencyFrom, currencyIs } of fields) {
    if (kind !== 'amount' || !Object.hasOwn(open, id)) continue;
    if (currencyIs !== undefined) open['currency'] ??= currencyIs;
    else if (currencyFrom !== undefined && !Object.hasOwn(open, currencyFrom)) {
      delete open[id];
      // One decision about one answer: it was open but for this.
      scope.decisions.splice(scope.decisions.findIndex((one) => one.pointer === `${path}/${id}`), 1);
      withhold(`${path}/${id}`, 'shares_protected_whereabouts', scope);
    }
  }
  return open;
}

function discloseRows(field: InterviewField, value: unknown, path: string, section: string, scope: Scope): Readonly<Record<string, PlainAnswer>>[] {
  if (!Array.isArray(value)) {
    withhold(path, 'unknown_field', scope);
    return [];
  }
  const columns = field.fields ?? [];
  const rows: Readonly<Record<string, PlainAnswer>>[] = [];
  value.forEach((row: unknown, index) => {
    const at = `${path}/${index}`;
    if (!isRecord(row) || (hasText(columns, row) && scope.gate.tells(textsOf(columns, row)))) {
      withhold(at, isRecord(row) ? 'shares_protected_whereabouts' : 'unknown_field', scope);
      return;
    }
    const open = discloseFields(columns, row, at, `${section}.${field.id}`, { ...scope, row: rows.length + 1 }) as Record<string, PlainAnswer>;
    if (Object.keys(open).length > 0) rows.push(open);
  });
  return rows;
}

const isWritten = (field: InterviewField): boolean => field.kind === 'text' || field.kind === 'long';
const textsOf = (columns: readonly InterviewField[], row: Readonly<Record<string, unknown>>): unknown[] => columns.filter(isWritten).map((column) => row[column.id]);
const hasText = (columns: readonly InterviewField[], row: Readonly<Record<string, unknown>>): boolean => textsOf(columns, row).some((text) => typeof text === 'string');

function mayLeave(field: InterviewField, value: unknown, beside: Readonly<Record<string, unknown>>, at: string, scope: Scope): boolean {
  const faults = valueFaults(field, value, beside);
  if (faults.length > 0) {
    for (const { code, params } of faults) scope.findings.push({ code: `interview.${code}`, severity: 'block', path: at, ...(params ? { params } : {}) });
    return withhold(at, 'unusable', scope, false);
  }
  if (field.kind === 'currency' && value === OWN_CURRENCY) return true;
  const subjects = subjectsOf(field, scope);
  if (field.sensitivity !== 'plain' && isSealedOf(subjects, scope)) return withhold(at, 'nondisclosure', scope);
  if (field.sensitivity === 'place' && subjects.some((id) => scope.gate.isNear(id))) return withhold(at, 'shares_protected_whereabouts', scope);
  if (isWritten(field) && scope.gate.tells(value)) return withhold(at, 'shares_protected_whereabouts', scope);
  return true;
}

const ROLES: Readonly<Record<string, readonly string[]>> = { obligor: PAYING_ROLES, obligee: RECEIVING_ROLES, dependent: ['dependent'] };

/** The persons of whom a field speaks: of a child's section that child, else everybody of the role. */
function subjectsOf({ about }: Pick<InterviewField, 'about'>, { supportCase, child }: Pick<Scope, 'supportCase' | 'child'>): string[] {
  return about.flatMap((role) => {
    if (role === 'dependent' && child) return [child.id];
    return supportCase.participants.filter((person) => ROLES[role]?.includes(person.role)).map((person) => person.participantId);
  });
}

/** Whether one of them is sealed; a place or an identity of nobody known counts as theirs while anybody is. */
function isSealedOf(subjects: readonly string[], { gate }: Pick<Scope, 'gate'>): boolean {
  return subjects.length === 0 ? gate.isAnyoneSealed : subjects.some((id) => gate.isSealed(id));
}

/** Where sealed persons, or those beside them, are now by the interview's own word: no other text may name these places either. */
function placesTold({ definition, answers, supportCase, on }: InterviewToDisclose): string[] {
  const gate = textGate(supportCase, on);
  if (!gate.isAnyoneSealed) return [];
  const placesIn = (fields: readonly InterviewField[], given: unknown, child: Scope['child']): string[] => {
    if (!isRecord(given)) return [];
    return fields.flatMap((field) => {
      const value = given[field.id];
      if (field.kind === 'list') return Array.isArray(value) ? value.flatMap((row) => placesIn(field.fields ?? [], row, child)) : [];
      const isPlace = field.locatesNow === true && typeof value === 'string';
      const subjects = isPlace ? subjectsOf(field, { supportCase, child }) : [];
      return isPlace && (isSealedOf(subjects, { gate }) || subjects.some((id) => gate.isNear(id))) ? [value] : [];
    });
  };
  const inSections = (sections: Readonly<Record<string, unknown>>, child: Scope['child']): string[] =>
    definition.sections.flatMap((section) => placesIn(section.fields, sections[section.id], child));
  return [...inSections(answers.sections, null), ...Object.entries(answers.children).flatMap(([id, sections]) => inSections(sections, { id, number: '' }))];
}

function withhold(pointer: string, reason: DisclosureDecision['reason'], scope: Scope, isTold = true): false {
  scope.decisions.push({ pointer, decision: 'withhold', reason });
  if (!isTold) return false;
  if (reason === 'shares_protected_whereabouts') scope.findings.push({ code: 'interview.answer_withheld', severity: 'warn', path: pointer });
  if (reason === 'nondisclosure') scope.findings.push({ code: 'interview.answer_protected', severity: 'info', path: pointer });
  if (reason === 'unknown_field') scope.findings.push({ code: 'interview.answer_unknown', severity: 'warn', path: pointer });
  return false;
}
