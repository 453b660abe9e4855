import { hasWords, translator } from '../../../platform/i18n.ts';
import type { Language } from '../../../platform/i18n.ts';
import type { InterviewField, InterviewSection, InterviewView, SectionAnswers } from '../../../modules/referrals/index.ts';

/** The same words in the reader's language and in that of the person who is asked. */
export interface BothWords {
  readonly here: string;
  /** Null where the other language has no words for it, or is the same. */
  readonly there: string | null;
}

/** The two languages of a page: the reader's, and the partner's; English where these are one. */
export interface Pair {
  readonly here: Language;
  readonly tag: string;
}

export function languagesFor(reader: Language, partner: string): Pair {
  return { here: reader, tag: partner === reader ? 'en' : partner };
}

type Worded = { readonly words?: Readonly<Record<string, string>> } | undefined;

function bothWords(key: string, own: Worded, pair: Pair, code: string): BothWords {
  const say = (language: string): string | null => own?.words?.[language] ?? (hasWords(language, `interview:${key}`) ? translator(language)(`interview:${key}`) : null);
  const there = pair.tag === pair.here ? null : say(pair.tag);
  return { here: say(pair.here) ?? say('en') ?? code, there };
}

export const sectionWords = (section: InterviewSection, pair: Pair): BothWords => bothWords(`section.${section.id}`, section, pair, section.id);

/** One page of the interview: a section, of one child where it is asked of each. */
export interface Step {
  /** As in the address: `marriage`, `conception-2`. */
  readonly id: string;
  readonly section: InterviewSection;
  readonly child: InterviewView['children'][number] | null;
}

export function stepsOf({ sections, children }: Pick<InterviewView, 'sections' | 'children'>): Step[] {
  return sections.flatMap((section): Step[] => (section.scope === 'case'
    ? [{ id: section.id, section, child: null }]
    : children.map((child, index) => ({ id: `${section.id}-${index + 1}`, section, child }))));
}

export function answersAt({ answers }: Pick<InterviewView, 'answers'>, { section, child }: Step): SectionAnswers {
  const sections = child === null ? answers.sections : answers.children[child.participantId] ?? {};
  return Object.hasOwn(sections, section.id) ? sections[section.id] as SectionAnswers : {};
}

/** What was typed into a step's form, by name of the field (`status`, `periods.0.from`). */
export type Typed = Readonly<Record<string, string>>;

export interface Question {
  readonly kind: InterviewField['kind'];
  readonly name: string;
  /** Id of the field on the page. */
  readonly at: string;
  readonly label: BothWords;
  readonly value: string;
  readonly charactersMax: number;
  readonly choices: readonly { readonly value: string; readonly words: BothWords }[];
  readonly onlyIf: { readonly label: string; readonly answers: string } | null;
  readonly rows: readonly (readonly Question[])[];
  readonly fault: string | null;
}

/** Longer than any value that is no free text. */
const SHORT_MAX = 40;
const EMPTY_ROWS = 3;

/** The questions of a step with what is typed and what is wrong with it. */
export function questionsOf({ section }: Step, typed: Typed, faults: ReadonlyMap<string, string>, pair: Pair): Question[] {
  return section.fields.map((field) => questionOf(field, { name: field.id, words: `${section.id}.${field.id}`, kind: 'field', section, typed, faults, pair }));
}

interface Asking {
  readonly name: string;
  readonly words: string;
  readonly kind: 'field' | 'column';
  readonly section: InterviewSection;
  readonly typed: Typed;
  readonly faults: ReadonlyMap<string, string>;
  readonly pair: Pair;
}

function questionOf(field: InterviewField, asking: Asking): Question {
  const { name, words, kind, typed, faults, pair } = asking;
  const at = idOf(name);
  return {
    kind: field.kind, name, at, label: bothWords(`${kind}.${words}`, field, pair, field.id), value: typed[name] ?? '', charactersMax: field.charactersMax ?? SHORT_MAX,
    choices: (field.choices ?? []).map((value) => ({ value, words: choiceWords(field, words, value, pair) })),
    onlyIf: onlyIf(field, asking),
    rows: field.kind === 'list' ? rowsOf(field, asking) : [],
    fault: faults.get(at) ?? null,
  };
}

function choiceWords(field: InterviewField, words: string, value: string, pair: Pair): BothWords {
  const own = field.choiceWords?.[value];
  return bothWords(`choice.${words}.${value}`, own && { words: own }, pair, value);
}

function onlyIf({ when }: InterviewField, { section, pair }: Asking): Question['onlyIf'] {
  const other = when && section.fields.find((field) => field.id === when.field);
  if (!other) return null;
  const say = translator(pair.here);
  const answers = when.in.map((value) => (typeof value === 'boolean' ? say(`interview:${value ? 'yes' : 'no'}`) : choiceWords(other, `${section.id}.${other.id}`, value, pair).here));
  return { label: bothWords(`field.${section.id}.${other.id}`, other, pair, other.id).here, answers: answers.join(' / ') };
}

function rowsOf(field: InterviewField, asking: Asking): Question[][] {
  const filled = Object.keys(asking.typed).filter((name) => name.startsWith(`${asking.name}.`)).map((name) => Number(name.split('.')[1]) + 1);
  const count = Math.min(field.rowsMax ?? 0, Math.max(0, ...filled) + EMPTY_ROWS);
  return Array.from({ length: count }, (_, row) => (field.fields ?? []).map((column) =>
    questionOf(column, { ...asking, name: `${asking.name}.${row}.${column.id}`, words: `${asking.words}.${column.id}`, kind: 'column' })));
}

export const idOf = (name: string): string => `q-${name.replaceAll('.', '-')}`;
