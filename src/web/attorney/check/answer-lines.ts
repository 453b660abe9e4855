import { hasWords } from '../../../platform/i18n.ts';
import type { Answer, PacketModel, PlainAnswer } from '../../../modules/referrals/index.ts';
import type { Visit } from '../../visit.ts';

/** An answer as it leaves: one text in the reader's words, or a person's own words in both languages. */
export interface AnswerLine {
  readonly question: string;
  readonly texts: readonly { readonly text: string; readonly lang: string | null }[];
}

export interface AnswerSection {
  readonly title: string;
  readonly step: string;
  readonly lines: readonly AnswerLine[];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the interview tells the partner, section by section; those of a child with the child's number. */
export function answerSections({ interview }: PacketModel, targetLanguage: string, visit: Visit): AnswerSection[] {
  const sectionOf = (section: string, answers: Readonly<Record<string, Answer>>, child: string | null): AnswerSection => {
    const name = worded(visit, `section.${section}`, section);
    return {
      title: child === null ? name : visit.t('web:left.section_of_child', { section: name, child }), step: child === null ? section : `${section}-${child}`,
      lines: Object.entries(answers).flatMap(([field, answer]) => linesOf(section, field, answer, targetLanguage, visit)),
    };
  };
  const ofCase = Object.entries(interview.sections).map(([section, answers]) => sectionOf(section, answers, null));
  const ofChildren = Object.values(interview.children).flatMap((sections, index) => Object.entries(sections).map(([section, answers]) => sectionOf(section, answers, String(index + 1))));
  return [...ofCase, ...ofChildren].filter(({ lines }) => lines.length > 0);
}

function linesOf(section: string, field: string, answer: Answer, target: string, visit: Visit): AnswerLine[] {
  const question = worded(visit, `field.${section}.${field}`, field);
  if (!isRows(answer)) return [{ question, texts: textsOf(answer, `choice.${section}.${field}`, target, visit) }];
  return answer.flatMap((row, index) => Object.entries(row).map(([column, value]) => ({
    question: `${question} · ${visit.t('interview:row', { number: index + 1 })} · ${worded(visit, `column.${section}.${field}.${column}`, column)}`,
    texts: textsOf(value, `choice.${section}.${field}.${column}`, target, visit),
  })));
}

const isRows = (answer: Answer): answer is readonly Readonly<Record<string, PlainAnswer>>[] => Array.isArray(answer);

function textsOf(answer: PlainAnswer, choices: string, target: string, visit: Visit): AnswerLine['texts'] {
  if (typeof answer === 'boolean') return [{ text: visit.t(`interview:${answer ? 'yes' : 'no'}`), lang: null }];
  if (typeof answer === 'string') return [{ text: DAY.test(answer) ? visit.format.day(answer) : worded(visit, `${choices}.${answer}`, answer), lang: null }];
  return [{ text: answer.source, lang: answer.sourceLanguage }, { text: answer.target, lang: target }];
}

/** A code in words; what is no code, such as an amount or a place, as it is. */
function worded({ language, t }: Visit, key: string, otherwise: string): string {
  return /^[a-zA-Z0-9_.]+$/.test(key) && hasWords(language, `interview:${key}`) ? t(`interview:${key}`) : otherwise;
}
