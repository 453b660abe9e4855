import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../platform/config.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { fontBlobs } from '../../../platform/pdf/fonts.ts';
import { fillOfficialForm } from './fill-official-form.ts';
import type { FilledForm, FormTemplate, Lookup } from './fill-official-form.ts';
import { readMapping } from './form-mapping.rules.ts';

const TEMPLATE_BYTES_MAX = 25 * 1024 * 1024;
const MAPPING_BYTES_MAX = 1024 * 1024;
const KOREAN_REGULAR = 3;
const FORM_ID = /^[a-z][a-z0-9_]{1,60}$/;

/** An official form as it travels in a packet. */
export interface OfficialForm {
  readonly formId: string;
  readonly fileName: string;
  readonly pages: number;
  readonly byteCount: number;
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** Where the county puts the official PDF of a form, and the list of its fields; as it is told to people, below the data directory. */
export const templatePlace = (formId: string): string => `official-forms/${formId}.pdf`;
export const mappingPlace = (formId: string): string => `official-forms/${formId}.fields.json`;

/**
 * The official forms of a packet: those that the county has, filled from the model, whether the partner insists or not; and a
 * finding for each form on which the partner insists and which is neither there nor attached by hand.
 *
 * @param wanted forms that the packet has, with `isRequired` where the partner's profile says that they must be official.
 * @param attached forms that were filled by hand and uploaded.
 */
export async function officialForms(
  config: Pick<Config, 'dataDir'>, wanted: readonly { readonly formId: string; readonly isRequired: boolean }[], attached: readonly (string | null)[], lookupOf: (formId: string) => Lookup,
): Promise<{ readonly forms: readonly OfficialForm[]; readonly findings: readonly Finding[] }> {
  const forms: OfficialForm[] = [];
  const findings: Finding[] = [];
  for (const { formId, isRequired } of wanted) {
    if (attached.includes(formId)) continue;
    const found = await readTemplate(config, formId);
    if (found === null) {
      if (isRequired) findings.push({ code: 'official_form.missing', severity: 'block', path: `/forms/${formId}`, params: { form: formId, place: templatePlace(formId) } });
      continue;
    }
    if ('finding' in found) findings.push(found.finding);
    else await fillInto(found, lookupOf(formId), forms, findings);
  }
  return { forms, findings };
}

async function fillInto(template: FormTemplate, lookup: Lookup, forms: OfficialForm[], findings: Finding[]): Promise<void> {
  const { formId } = template;
  try {
    const { bytes, pages, findings: found } = await filledOnce(template, lookup);
    findings.push(...found);
    if (found.some(({ code }) => code === 'official_form.not_fillable')) return;
    forms.push({ formId, fileName: `forms/${formId.replaceAll('_', '-')}.pdf`, pages, byteCount: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), bytes });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    findings.push(unusable('unreadable', formId, templatePlace(formId)));
  }
}

/** The forms filled last: a referral is looked at many times for each time that it changes, and setting Korean type takes a while. */
const filledBefore = new Map<string, { readonly asked: readonly (readonly [place: string, value: string | boolean | null])[]; readonly filled: FilledForm }[]>();
const TEMPLATES_REMEMBERED_MAX = 20;
const FILLINGS_REMEMBERED_MAX = 8;

async function filledOnce(template: FormTemplate, lookup: Lookup): Promise<FilledForm> {
  const key = createHash('sha256').update(template.formId).update(JSON.stringify(template.mapping)).update(template.bytes).digest('hex');
  const fillings = filledBefore.get(key) ?? [];
  // What a form asked for last time, it asks for again: the same template and list ask for the same places.
  const same = fillings.find(({ asked }) => asked.every(([place, value]) => lookup(place) === value));
  if (same) return same.filled;
  const asked = new Map<string, string | boolean | null>();
  const filled = await fillOfficialForm(template, (place) => {
    const value = lookup(place);
    asked.set(place, value);
    return value;
  }, fontBlobs()[KOREAN_REGULAR] as Buffer);
  if (filledBefore.size >= TEMPLATES_REMEMBERED_MAX && !filledBefore.has(key)) filledBefore.delete(filledBefore.keys().next().value ?? '');
  filledBefore.set(key, [{ asked: [...asked], filled }, ...fillings].slice(0, FILLINGS_REMEMBERED_MAX));
  return filled;
}

const unusable = (what: 'unreadable' | 'mapping_invalid', form: string, place: string): Finding =>
  ({ code: `official_form.${what}`, severity: 'block', path: `/forms/${form}`, params: { form, place } });

async function readTemplate(config: Pick<Config, 'dataDir'>, formId: string): Promise<FormTemplate | { readonly finding: Finding } | null> {
  if (!FORM_ID.test(formId)) return null;
  const bytes = await readBounded(join(config.dataDir, templatePlace(formId)), TEMPLATE_BYTES_MAX);
  if (bytes === null) return null;
  if (bytes === 'unreadable') return { finding: unusable('unreadable', formId, templatePlace(formId)) };
  const list = await readBounded(join(config.dataDir, mappingPlace(formId)), MAPPING_BYTES_MAX);
  const mapping = list === null || list === 'unreadable' ? null : parsed(list);
  if (list !== null && mapping === null) return { finding: unusable('mapping_invalid', formId, mappingPlace(formId)) };
  return { formId, bytes, mapping };
}

function parsed(bytes: Buffer): FormTemplate['mapping'] {
  try {
    return readMapping(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
}

async function readBounded(path: string, bytesMax: number): Promise<Buffer | 'unreadable' | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : 'unreadable' as const));
  if (found === null || found === 'unreadable') return found;
  return found.isFile() && found.size <= bytesMax ? readFile(path).catch(() => 'unreadable' as const) : 'unreadable';
}
