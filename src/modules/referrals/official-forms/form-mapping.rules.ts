/** What stands in one field of an official form. */
export interface FieldRule {
  /** A place of the packet's model, such as `case.caseId`; empty: the field is left blank on purpose. */
  readonly place: string;
  /** A box is ticked where the place says exactly this. */
  readonly equals?: string;
  /** A choice's own word for what the place says. */
  readonly options?: Readonly<Record<string, string>>;
}

export type FormMapping = Readonly<Record<string, FieldRule>>;

const FIELDS_MAX = 2_000;

/**
 * Reads `{"fields": {"Field name": "case.caseId", "Box": {"place": "case.assistance", "equals": "current"}}}`.
 * @returns null where it is not that.
 */
export function readMapping(data: unknown): FormMapping | null {
  if (!isRecord(data) || !isRecord(data['fields'])) return null;
  const entries = Object.entries(data['fields']);
  if (entries.length > FIELDS_MAX) return null;
  const mapping: Record<string, FieldRule> = {};
  for (const [field, given] of entries) {
    const rule = typeof given === 'string' ? { place: given } : readRule(given);
    if (!rule) return null;
    mapping[field] = rule;
  }
  return mapping;
}

function readRule(given: unknown): FieldRule | null {
  if (!isRecord(given)) return null;
  const { place, equals, options } = given;
  if (typeof place !== 'string' || (equals !== undefined && typeof equals !== 'string')) return null;
  if (options !== undefined && !(isRecord(options) && Object.values(options).every((option) => typeof option === 'string'))) return null;
  return { place, ...(equals === undefined ? {} : { equals }), ...(options === undefined ? {} : { options: options as Record<string, string> }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without a list, a field is filled from the place that it is named after: `obligor.family`. Others are nobody's. */
export function ruleFor(mapping: FormMapping | null, field: string): FieldRule | null {
  if (mapping) return Object.hasOwn(mapping, field) ? mapping[field] ?? null : null;
  return /^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+$/.test(field) ? { place: field } : null;
}
