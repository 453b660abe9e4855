/** What is asked in an interview, as data (`interview.v1.json`, schemas/json/interview.v1.json). */
export interface InterviewDefinition {
  readonly interviewVersion: '1.0';
  readonly interviewId: string;
  readonly sections: readonly InterviewSection[];
}

export interface InterviewSection {
  readonly id: string;
  /** Asked once, or once for each child. */
  readonly scope: 'case' | 'child';
  /** Services for which it is asked. */
  readonly services: readonly string[];
  /** Asked only for partners in these countries. */
  readonly countries?: readonly string[];
  /** Asked only where the case has so many support orders. */
  readonly ordersMin?: number;
  readonly words?: LocalWords;
  readonly fields: readonly InterviewField[];
}

export type FieldKind = 'text' | 'long' | 'date' | 'month' | 'amount' | 'currency' | 'number' | 'yesno' | 'choice' | 'country' | 'list';
/** Of whom a datum is; nobody's where it names no role. */
export type AboutRole = 'obligor' | 'obligee' | 'dependent';
/** `identity` tells who somebody is, `place` where: neither leaves of a protected person. */
export type Sensitivity = 'plain' | 'identity' | 'place';
export type Want = { readonly services: readonly string[]; readonly severity: 'warn' | 'block' };
/** Words that a definition brings itself, by language, where no locale file has them. */
export type LocalWords = Readonly<Record<string, string>>;

export interface InterviewField {
  readonly id: string;
  readonly kind: FieldKind;
  readonly about: readonly AboutRole[];
  readonly sensitivity: Sensitivity;
  /** A place where the person is now (a school, not a wedding): no other text may name it while the person is sealed. */
  readonly locatesNow?: boolean;
  /** A day or month of what has happened: it does not lie after the agency's day. */
  readonly past?: boolean;
  /** A short text in prose, no name, place or number: it leaves in both languages, as long texts do. */
  readonly translated?: boolean;
  readonly charactersMax?: number;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly choiceWords?: Readonly<Record<string, LocalWords>>;
  /** The field beside it that holds the currency of an amount; or the currency itself. */
  readonly currencyFrom?: string;
  readonly currencyIs?: string;
  readonly rowsMax?: number;
  /** Columns of a list. */
  readonly fields?: readonly InterviewField[];
  readonly words?: LocalWords;
  /** Asked only where another field of its section was answered so. */
  readonly when?: { readonly field: string; readonly in: readonly (string | boolean)[] };
  /** For which services an answer is wanted (`warn`) or needed (`block`). */
  readonly wants?: readonly Want[];
}

/** One answer as it is kept: a text, a yes or no, or rows of these. Amounts and numbers are decimal strings. */
export type StoredAnswer = string | boolean | readonly Readonly<Record<string, string | boolean>>[];
export type SectionAnswers = Readonly<Record<string, StoredAnswer>>;

/** The answers of an interview: of the case by section and field, of a child by the county's number of the child. */
export interface InterviewAnswers {
  readonly sections: Readonly<Record<string, SectionAnswers>>;
  readonly children: Readonly<Record<string, Readonly<Record<string, SectionAnswers>>>>;
}

export const NO_ANSWERS: InterviewAnswers = Object.freeze({ sections: {}, children: {} });

/** The sections that are asked for these services of a partner in this country, about a case with so many orders. */
export function sectionsFor(definition: InterviewDefinition, services: readonly string[], country: string, orders = Infinity): InterviewSection[] {
  return definition.sections.filter((section) => section.services.some((service) => services.includes(service))
    && (section.countries === undefined || section.countries.includes(country)) && (section.ordersMin ?? 0) <= orders);
}

export function findSection(definition: InterviewDefinition, id: string): InterviewSection | null {
  return definition.sections.find((section) => section.id === id) ?? null;
}

/** Whether a field is asked at all, as its section is answered so far. */
export function isAsked(field: InterviewField, answers: SectionAnswers): boolean {
  if (field.when === undefined) return true;
  const given = Object.hasOwn(answers, field.when.field) ? answers[field.when.field] : undefined;
  return given !== undefined && !Array.isArray(given) && field.when.in.includes(given as string | boolean);
}

/** Every fault of definitions that no schema can see, as `section.field` paths. */
export function definitionFaults(definition: InterviewDefinition): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const section of definition.sections) {
    if (seen.has(section.id)) faults.push(section.id);
    seen.add(section.id);
    faults.push(...fieldFaults(section.fields, section.id, section.fields));
  }
  return faults;
}

function fieldFaults(fields: readonly InterviewField[], path: string, whole: readonly InterviewField[]): string[] {
  const ids = new Set<string>();
  return fields.flatMap((field) => {
    const at = `${path}.${field.id}`;
    const isRepeated = ids.has(field.id);
    ids.add(field.id);
    const isCurrency = fields.some((other) => other.id === field.currencyFrom && other.kind === 'currency');
    const isListed = whole.some((other) => other.id === field.when?.field);
    const isFaulty = isRepeated || !hasItsParts(field) || (field.currencyFrom !== undefined && !isCurrency) || (field.when !== undefined && !isListed) || (fields !== whole && (field.kind === 'list' || field.kind === 'long'));
    return [...(isFaulty ? [at] : []), ...fieldFaults(field.fields ?? [], at, whole)];
  });
}

/** A list is one part of a form, which takes no more fields than this with all others. */
const CELLS_MAX = 120;

/** Whether a field says what its kind needs: a limit, choices, columns, a currency. */
function hasItsParts(field: InterviewField): boolean {
  switch (field.kind) {
    case 'text': case 'long': return field.charactersMax !== undefined;
    case 'number': return field.min !== undefined && field.max !== undefined;
    case 'choice': return field.choices !== undefined;
    case 'list': return field.rowsMax !== undefined && field.fields !== undefined && field.rowsMax * field.fields.length <= CELLS_MAX;
    case 'amount': return field.currencyFrom !== undefined || field.currencyIs !== undefined;
    default: return true;
  }
}
