import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { plainName, schemaFinding } from '../../platform/validation.ts';
import type { Operation, Parameter, Schema } from './description.ts';

const MESSAGE_FILE = new URL('../../../schemas/json/message.v1.json', import.meta.url);
const FINDINGS_MAX = 50;

const makeAjv = (coerceTypes: boolean): Ajv2020 => {
  // `allErrors` only where the schema bounds every list: those of requests do.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true, verbose: true, coerceTypes, useDefaults: coerceTypes });
  addFormatsModule.default(ajv, ['date', 'date-time', 'uri-reference', 'binary']);
  // A word of OpenAPI that says nothing about validity.
  ajv.addKeyword('example');
  ajv.addSchema(JSON.parse(readFileSync(MESSAGE_FILE, 'utf8')) as object);
  return ajv;
};

export interface CheckedParameters {
  readonly path: Record<string, string>;
  readonly query: Record<string, string | number | undefined>;
}

/** Checks requests and answers against the description; every schema is compiled once, when it is first needed. */
export class Checker {
  private readonly texts = makeAjv(true);
  private readonly values = makeAjv(false);
  private readonly compiled = new Map<Schema, ValidateFunction>();

  /** Parameters as values. What the description does not name is refused: a misspelt one would else be passed over. @throws AppError `api.request_invalid`. */
  parameters(operation: Operation, given: { readonly path: Record<string, unknown>; readonly query: Record<string, unknown>; readonly header: (name: string) => string | undefined }): CheckedParameters {
    const findings: Finding[] = [];
    const checked = { path: {} as Record<string, string>, query: {} as Record<string, string | number | undefined> };
    const named = new Set(operation.parameters.filter((one) => one.in === 'query').map((one) => one.name));
    for (const name of Object.keys(given.query)) if (!named.has(name)) findings.push({ code: 'api.parameter_unknown', severity: 'block', path: `/query/${pointerText(name)}` });
    for (const parameter of operation.parameters) {
      const text = parameter.in === 'header' ? given.header(parameter.name) : given[parameter.in][parameter.name];
      const value = this.parameter(parameter, text, findings);
      if (parameter.in === 'path') checked.path[parameter.name] = String(value);
      if (parameter.in === 'query') checked.query[parameter.name] = value;
    }
    // An id of another form names nothing, and that is all there is to say of it.
    if (findings.some(({ path }) => path?.startsWith('/path/'))) throw new AppError('not_found', 'api.not_found');
    if (findings.length > 0) throw new AppError('invalid', 'api.request_invalid', { findings: findings.slice(0, FINDINGS_MAX) });
    return checked;
  }

  private parameter({ name, in: place, required, schema }: Parameter, text: unknown, findings: Finding[]): string | number | undefined {
    const path = `/${place}/${name}`;
    if (text === undefined) {
      if (required) findings.push({ code: 'api.parameter_missing', severity: 'block', path });
      return (schema['default'] as string | number | undefined) ?? undefined;
    }
    const holder = { value: text };
    const validate = this.validator(this.texts, schema, { type: 'object', properties: { value: schema } });
    if (!validate(holder)) findings.push({ ...schemaFinding(validate.errors?.[0] as never, 'api.parameter'), path });
    return holder.value as string | number;
  }

  /** The body of a request, where the frame judges it. @throws AppError `api.request_invalid`. */
  body(schema: Schema, value: unknown): void {
    const validate = this.validator(this.values, schema, schema);
    if (validate(value)) return;
    const findings = (validate.errors ?? []).slice(0, FINDINGS_MAX).map((error) => schemaFinding(error, 'api.field', plainName));
    throw new AppError('invalid', 'api.request_invalid', { findings });
  }

  /** An answer that does not fit its description is a fault, whichever mode this runs in: what is too much might be somebody's data. */
  answer(operation: Operation, status: number | 'default', type: string | null, value: unknown): void {
    const response = operation.responses[String(status)];
    if (!response) throw new Error(`fault: ${operation.id} answers ${status}, which is not described`);
    const types = Object.keys(response);
    if (type === null ? types.length > 0 : !types.some((one) => one === type || one === '*/*')) throw new Error(`fault: ${operation.id} answers ${status} as ${type ?? 'nothing'}, which is not described`);
    const schema = type === null ? undefined : response[type];
    if (schema === undefined || !/[/+]json$/.test(type ?? '')) return;
    const validate = this.validator(this.values, schema, schema);
    if (validate(value)) return;
    const [error] = validate.errors ?? [];
    throw new Error(`fault: ${operation.id} answers ${status} with what is not described: ${error?.instancePath ?? ''} ${error?.keyword ?? ''}`);
  }

  private validator(ajv: Ajv2020, key: Schema, schema: Schema): ValidateFunction {
    let validate = this.compiled.get(key);
    if (!validate) this.compiled.set(key, validate = ajv.compile(schema));
    return validate;
  }
}

/** A name from outside, as it may stand in an answer. */
const pointerText = (name: string): string => name.replace(/[^\w.-]/g, '_').slice(0, 40);
