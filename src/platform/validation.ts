import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { Finding } from './errors.ts';

const SCHEMAS_URL = new URL('../../schemas/json/', import.meta.url);
const addFormats = addFormatsModule.default;
const compiled = new Map<string, ValidateFunction>();

const ajv = new Ajv2020({ allErrors: false, strict: true, strictTypes: false, allowUnionTypes: true, verbose: true });
addFormats(ajv, ['date', 'date-time', 'email', 'uri']);
// For records from outside, whose sender wants all faults at once; their schemas bound every list.
const exhaustiveAjv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true, verbose: true });
addFormats(exhaustiveAjv, ['date', 'date-time', 'email', 'uri']);

/** The validator of a schema in `schemas/json/`, by file name without `.json`; compiled once. It stops at the first fault unless exhaustive. */
export function schemaValidator(name: string, options: { isExhaustive?: boolean } = {}): ValidateFunction {
  const key = options.isExhaustive ? `${name} exhaustive` : name;
  let validate = compiled.get(key);
  if (!validate) {
    validate = (options.isExhaustive ? exhaustiveAjv : ajv).compile(JSON.parse(readFileSync(new URL(`${name}.json`, SCHEMAS_URL), 'utf8')));
    compiled.set(key, validate);
  }
  return validate;
}

/**
 * A schema error as a finding: where (JSON pointer) and what was expected. The offending value itself is never repeated,
 * because it may be a social security number in the wrong field; nor is a name that the schema does not have, unless `nameOf` says how. `rule` chooses the words (platform/i18n.ts).
 */
export function schemaFinding(error: ErrorObject, code: string, nameOf: (name: string) => string = () => '*'): Finding {
  const missing = error.keyword === 'required' ? `/${String(error.params.missingProperty)}` : '';
  const extra = error.keyword === 'additionalProperties' ? `/${nameOf(String(error.params.additionalProperty))}` : '';
  return { code, severity: 'block', path: `${error.instancePath}${missing}${extra}` || '/', params: { rule: error.keyword, expected: expectedBy(error), ...limitOf(error) } };
}

/** A name that a program may well have misspelt; what might be somebody's name or number is not repeated. */
export const plainName = (name: string): string => (/^[a-z][a-zA-Z]{0,39}$/.test(name) ? name : '*');

function limitOf({ params }: ErrorObject): { limit?: number } {
  const { limit } = params as { limit?: unknown };
  return typeof limit === 'number' ? { limit } : {};
}

const ALLOWED_TEXT_MAX = 400;

/** The names that the schema has in this place. */
function allowedBy({ keyword, parentSchema }: ErrorObject): string {
  const names = Object.keys((parentSchema?.['properties'] ?? {}) as Readonly<Record<string, unknown>>).join(' | ');
  if (names === '') return keyword;
  return names.length > ALLOWED_TEXT_MAX ? `${names.slice(0, ALLOWED_TEXT_MAX)} …` : names;
}

function expectedBy(error: ErrorObject): string {
  switch (error.keyword) {
    case 'additionalProperties': return allowedBy(error);
    case 'required': return String(error.params.missingProperty);
    case 'type': return String(error.params.type);
    case 'enum': return (error.params.allowedValues as unknown[]).join(' | ');
    case 'const': return String(error.params.allowedValue);
    case 'pattern': return String(error.params.pattern);
    case 'format': return String(error.params.format);
    case 'maxLength': case 'minLength': case 'maxItems': case 'minItems': case 'maximum': case 'minimum':
      return `${error.keyword} ${String(error.params.limit)}`;
    default: return error.keyword;
  }
}
