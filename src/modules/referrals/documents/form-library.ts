import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import type { AddressForm } from '../lifecycle/address-form.rules.ts';
import type { FormSet } from './form-set.rules.ts';
import type { FormBlock, FormDefinition } from './form.rules.ts';

/** Every form, shared part and set of forms that is known. */
export interface FormLibrary {
  readonly forms: ReadonlyMap<string, FormDefinition>;
  readonly parts: ReadonlyMap<string, readonly FormBlock[]>;
  readonly sets: ReadonlyMap<string, FormSet>;
  /** How addresses are written, by country. */
  readonly addressForms: ReadonlyMap<string, AddressForm>;
}

const BUILT_IN = fileURLToPath(new URL('.', import.meta.url));
const FILE_BYTES_MAX = 1_000_000;
const FILES_MAX = 500;

// Forms are part of the program's configuration: read once when it starts.
let library: FormLibrary | undefined;

/**
 * Reads the built-in forms, parts and sets, then those in `<dataDir>/forms`, `forms/parts`, `form-sets` and `address-forms`, which take the place of
 * built-in ones of the same name. Another country brings its own this way.
 *
 * @throws AppError `form.files_invalid`, with a located finding for every fault of every file; the former forms stay.
 */
export function loadForms(dataDir: string | null): void {
  library = readForms(dataDir);
}

export function formLibrary(): FormLibrary {
  library ??= readForms(null);
  return library;
}

/** The set of forms that a partner reads. @throws AppError `form.set_unknown`: the profile names a set that is not there. */
export function formSetFor(partner: { readonly partnerId: string; readonly packet: { readonly value: { readonly forms: string } } }): FormSet {
  const { forms } = partner.packet.value;
  const set = formLibrary().sets.get(forms);
  if (!set) throw new AppError('invalid', 'form.set_unknown', { params: { partner: partner.partnerId, set: forms } });
  return set;
}

function readForms(dataDir: string | null): FormLibrary {
  const findings: Finding[] = [];
  const folders = [BUILT_IN, ...(dataDir === null ? [] : [dataDir])];
  const read = <T>(below: string, schema: string, nameOf: (file: string, data: T) => string): Map<string, T> => new Map(folders
    .flatMap((folder) => jsonFiles(join(folder, below)).map((file) => [file, readOne<T>(join(folder, below, file), `${below}/${file}`, schema, findings)] as const))
    .flatMap(([file, data]) => (data === null ? [] : [[nameOf(file, data), data] as const])));
  const result = {
    forms: read<FormDefinition>('forms', 'packet-form.v1', (_, form) => form.formId),
    parts: read<readonly FormBlock[]>('forms/parts', 'packet-form-part.v1', (file) => file.slice(0, -'.json'.length)),
    sets: read<FormSet>('form-sets', 'form-set.v1', (_, set) => set.setId),
    addressForms: read<AddressForm>('address-forms', 'address-form.v1', (_, form) => form.country),
  };
  if (findings.length > 0) throw new AppError('invalid', 'form.files_invalid', { findings });
  return result;
}

function jsonFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().slice(0, FILES_MAX);
}

function readOne<T>(path: string, shown: string, schema: string, findings: Finding[]): T | null {
  if (statSync(path).size > FILE_BYTES_MAX) {
    findings.push({ code: 'form.file_too_large', severity: 'block', path: shown });
    return null;
  }
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    findings.push({ code: 'form.file_unreadable', severity: 'block', path: shown });
    return null;
  }
  const validate = schemaValidator(schema);
  if (validate(data)) return data as T;
  findings.push(...(validate.errors ?? []).map((error) => {
    const finding = schemaFinding(error, 'form.file_schema');
    return { ...finding, path: `${shown}#${finding.path ?? ''}` };
  }));
  return null;
}
