import fontkit from '@pdf-lib/fontkit';
import { PDFButton, PDFCheckBox, PDFDocument, PDFDropdown, PDFOptionList, PDFRadioGroup, PDFSignature, PDFTextField } from 'pdf-lib';
import type { PDFField, PDFFont, PDFForm } from 'pdf-lib';
import subsetFont from 'subset-font';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { boundsFault } from '../attachments/pdf-bounds.ts';
import { onlyWhatIsSeen } from '../attachments/pdf-copy.ts';
import { ruleFor } from './form-mapping.rules.ts';
import type { FieldRule, FormMapping } from './form-mapping.rules.ts';
import { sizeThatFits } from './text-fit.ts';

export interface FilledForm {
  readonly bytes: Buffer;
  readonly pages: number;
  readonly findings: readonly Finding[];
}

/** The value at a place of the packet's model; null where the model has none, or keeps it back. */
export type Lookup = (place: string) => string | boolean | null;

export interface FormTemplate {
  readonly formId: string;
  readonly bytes: Uint8Array;
  readonly mapping: FormMapping | null;
}

/** What stands in a field, and by which rule; no rule says that nobody knows what belongs there. */
interface Saying {
  readonly rule: FieldRule | null;
  readonly value: string | boolean | null;
}

interface Filling {
  readonly form: PDFForm;
  readonly font: PDFFont;
  readonly known: ReadonlySet<number>;
  readonly said: ReadonlyMap<PDFField, Saying>;
  readonly add: (code: string, params?: Record<string, string>, severity?: Finding['severity']) => void;
}

/**
 * Fills the fields of an official PDF from the packet's model and makes them part of its pages, so that nothing in it can be
 * changed, asked or run. The same template and model give the same bytes. Text that does not fit blocks; it is never cut.
 *
 * @throws AppError `official_form.template_unreadable`.
 */
export async function fillOfficialForm(template: FormTemplate, lookup: Lookup, fontBytes: Uint8Array): Promise<FilledForm> {
  const { formId } = template;
  const findings: Finding[] = [];
  const document = await open(template);
  document.registerFontkit(fontkit);
  const form = document.getForm();
  form.deleteXFA();
  const fields = form.getFields();
  const said = sayings(fields, template.mapping, lookup);
  const font = await embed(document, fontBytes, said);
  const filling: Filling = {
    form, font, said, known: new Set(font.getCharacterSet()),
    add: (code, params = {}, severity = 'block') => void findings.push({ code: `official_form.${code}`, severity, path: `/forms/${formId}`, params: { form: formId, ...params } }),
  };
  if (fields.length === 0) filling.add('not_fillable');
  const names = new Set(fields.map((field) => field.getName()));
  for (const field of Object.keys(template.mapping ?? {})) if (!names.has(field)) filling.add('field_unknown', { field: shown(field) });
  for (const field of fields) fill(filling, field);
  form.updateFieldAppearances(font);
  form.flatten({ updateFieldAppearances: false });
  onlyWhatIsSeen(document);
  const pages = document.getPageCount();
  return { bytes: Buffer.from(await document.save({ useObjectStreams: true, addDefaultPage: false, updateFieldAppearances: false })), pages, findings };
}

async function open({ formId, bytes }: FormTemplate): Promise<PDFDocument> {
  const unreadable = (cause?: unknown): AppError => new AppError('invalid', 'official_form.template_unreadable', { params: { form: formId, place: `official-forms/${formId}.pdf` }, cause });
  if ((await boundsFault(Buffer.from(bytes))) !== null) throw unreadable();
  try {
    return await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true });
  } catch (cause) {
    throw unreadable(cause);
  }
}

function sayings(fields: readonly PDFField[], mapping: FormMapping | null, lookup: Lookup): ReadonlyMap<PDFField, Saying> {
  return new Map(fields.map((field) => {
    const rule = ruleFor(mapping, field.getName());
    return [field, { rule, value: rule && rule.place !== '' ? lookup(rule.place) : null }];
  }));
}

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

/** Only the glyphs that this form needs: the whole typeface has six megabytes. */
async function embed(document: PDFDocument, fontBytes: Uint8Array, said: ReadonlyMap<PDFField, Saying>): Promise<PDFFont> {
  const texts = [...said].flatMap(([field, { value }]) => [String(value ?? '').normalize('NFC'), ...(field instanceof PDFDropdown || field instanceof PDFOptionList ? field.getOptions() : [])]);
  const letters = [...new Set(PRINTABLE + texts.join(''))].sort().join('');
  // Without rules that put one glyph for another or move it: a text is as wide as it was measured.
  const bytes = await subsetFont(Buffer.from(fontBytes), letters, { targetFormat: 'truetype', noHinting: true, dropTables: ['GSUB', 'GPOS', 'GDEF', 'vhea', 'vmtx'] });
  return document.embedFont(Uint8Array.from(bytes), { subset: false });
}

/** Names of fields are the form's own; whatever else stands in them does not reach a terminal. */
const shown = (name: string): string => name.replace(/\p{C}/gu, '').slice(0, 60);

function fill(filling: Filling, field: PDFField): void {
  if (field instanceof PDFButton || field instanceof PDFSignature) return filling.form.removeField(field);
  const { rule, value } = filling.said.get(field) ?? { rule: null, value: null };
  if (!rule) filling.add('field_unmapped', { field: shown(field.getName()) }, 'warn');
  if (field instanceof PDFTextField) fillText(filling, field, typeof value === 'boolean' ? (value ? 'X' : '') : value ?? '');
  else if (field instanceof PDFCheckBox) tick(field, rule?.equals === undefined ? value === true : value === rule.equals);
  else if (field instanceof PDFRadioGroup || field instanceof PDFDropdown || field instanceof PDFOptionList) choose(filling, field, rule, value);
}

function tick(field: PDFCheckBox, isTicked: boolean): void {
  if (isTicked) field.check();
  else field.uncheck();
}

function choose(filling: Filling, field: PDFRadioGroup | PDFDropdown | PDFOptionList, rule: FieldRule | null, value: string | boolean | null): void {
  field.clear();
  if (value === null || value === '') return;
  const option = rule?.options?.[String(value)] ?? String(value);
  if (field.getOptions().includes(option)) field.select(option);
  else filling.add('choice_unknown', { field: shown(field.getName()) });
}

function fillText(filling: Filling, field: PDFTextField, given: string): void {
  const { font, known, add } = filling;
  const name = shown(field.getName());
  const text = (field.isMultiline() ? given.replace(/\r\n?/g, '\n') : given.replace(/\s+/g, ' ')).normalize('NFC').trim();
  if (field.isRichFormatted()) field.disableRichFormatting();
  field.setText('');
  const strange = [...new Set(text)].filter((character) => character !== '\n' && !known.has(character.codePointAt(0) ?? 0));
  const size = strange.length > 0 ? null : sizeThatFits(field, text, font);
  if (strange.length > 0) add('characters_unknown', { field: name, characters: strange.slice(0, 5).map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ') });
  else if (size === null) add('text_too_long', { field: name });
  if (size === null) return;
  // One plain appearance of our own: a form may ask for fonts and colours that it does not have.
  field.acroField.setDefaultAppearance(`0 g /Helv ${size} Tf`);
  for (const widget of field.acroField.getWidgets()) widget.setDefaultAppearance(`0 g /Helv ${size} Tf`);
  field.setText(text);
}
