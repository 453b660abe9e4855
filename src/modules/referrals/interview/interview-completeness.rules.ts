import type { Finding } from '../../../platform/errors.ts';
import { answerOf, pointerPart } from './answers.rules.ts';
import { isAsked, sectionsFor } from './interview-definition.rules.ts';
import type { InterviewAnswers, InterviewDefinition, InterviewSection, SectionAnswers } from './interview-definition.rules.ts';

const RANK = ['none', 'warn', 'block'] as const;

/**
 * Which answers these services want of the interview and have not: one finding for each field, at its place. `children` are
 * the numbers of the case's children.
 */
export function interviewFindings(definition: InterviewDefinition, answers: InterviewAnswers, services: readonly string[], country: string, children: readonly string[]): Finding[] {
  return sectionsFor(definition, services, country).flatMap((section) => {
    if (section.scope === 'case') return missingIn(section, answers.sections[section.id] ?? {}, `/sections/${section.id}`, services);
    return children.flatMap((child, index) => missingIn(section, answers.children[child]?.[section.id] ?? {}, `/children/${pointerPart(child)}/${section.id}`, services, index + 1));
  });
}

function missingIn(section: InterviewSection, given: SectionAnswers, path: string, services: readonly string[], child?: number): Finding[] {
  return section.fields.flatMap((field): Finding[] => {
    const severities = (field.wants ?? []).filter((want) => want.services.some((service) => services.includes(service))).map((want) => want.severity);
    if (severities.length === 0 || !isAsked(field, given) || answerOf(given, field.id) !== undefined) return [];
    const severity = severities.reduce((worst, one) => (RANK.indexOf(one) > RANK.indexOf(worst) ? one : worst));
    const question = { section: section.id, field: field.id };
    const at = { severity, path: `/interview${path}/${field.id}` };
    return [child === undefined ? { code: 'interview.answer_missing', ...at, params: question } : { code: 'interview.child_answer_missing', ...at, params: { ...question, child } }];
  });
}
