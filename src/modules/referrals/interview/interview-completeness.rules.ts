import type { Finding } from '../../../platform/errors.ts';
import { answerOf, pointerPart } from './answers.rules.ts';
import { isAsked, sectionsFor } from './interview-definition.rules.ts';
import type { InterviewAnswers, InterviewDefinition, InterviewSection, SectionAnswers } from './interview-definition.rules.ts';

/**
 * Which answers these services want of the interview and have not: one finding for each question, at its place. `children`
 * are the numbers of the case's children.
 */
export function missingAnswers(definition: InterviewDefinition, answers: InterviewAnswers, services: readonly string[], country: string, children: readonly string[]): Finding[] {
  return stepsOf(definition, answers, services, country, children).flatMap(({ path, section, child, missing }) => missing.map(({ field, severity }): Finding => {
    const question = { section, field };
    const at = { severity, path: `${path}/${field}` };
    return child === null ? { code: 'interview.answer_missing', ...at, params: question } : { code: 'interview.child_answer_missing', ...at, params: { ...question, child } };
  }));
}

/** The same for the referral as a whole: one finding for each section, and child, in which anything is missing, as grave as the gravest. */
export function interviewFindings(definition: InterviewDefinition, answers: InterviewAnswers, services: readonly string[], country: string, children: readonly string[]): Finding[] {
  return stepsOf(definition, answers, services, country, children).filter(({ missing }) => missing.length > 0).map(({ path, section, child, missing }): Finding => {
    const of = { section, missing: missing.length };
    const at = { severity: missing.map((one) => one.severity).reduce(graver), path };
    return child === null ? { code: 'interview.section_incomplete', ...at, params: of } : { code: 'interview.child_section_incomplete', ...at, params: { ...of, child } };
  });
}

interface StepStanding {
  readonly path: string;
  readonly section: string;
  /** The child's place among the children, the first is 1; null where the section is of the case. */
  readonly child: number | null;
  readonly missing: readonly { readonly field: string; readonly severity: 'warn' | 'block' }[];
}

function stepsOf(definition: InterviewDefinition, answers: InterviewAnswers, services: readonly string[], country: string, children: readonly string[]): StepStanding[] {
  return sectionsFor(definition, services, country).flatMap((section): StepStanding[] => {
    const { id } = section;
    if (section.scope === 'case') return [{ path: `/interview/sections/${id}`, section: id, child: null, missing: missingIn(section, answers.sections[id] ?? {}, services) }];
    return children.map((child, index) => ({
      path: `/interview/children/${pointerPart(child)}/${id}`, section: id, child: index + 1, missing: missingIn(section, answers.children[child]?.[id] ?? {}, services),
    }));
  });
}

function missingIn(section: InterviewSection, given: SectionAnswers, services: readonly string[]): StepStanding['missing'] {
  return section.fields.flatMap((field) => {
    const severities = (field.wants ?? []).filter((want) => want.services.some((service) => services.includes(service))).map((want) => want.severity);
    if (severities.length === 0 || !isAsked(field, given) || answerOf(given, field.id) !== undefined) return [];
    return [{ field: field.id, severity: severities.reduce(graver) }];
  });
}

const graver = (one: 'warn' | 'block', other: 'warn' | 'block'): 'warn' | 'block' => (one === 'block' || other === 'block' ? 'block' : 'warn');
