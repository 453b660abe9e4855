import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fontkit from '@pdf-lib/fontkit';
import { decodePDFRawStream, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import { officialForms } from '../../../src/modules/referrals/official-forms/official-forms.ts';
import { inflatedBytes, readPdf } from '../../support/referrals/pdf-text.ts';
import { CANARY } from '../../support/referrals/paper-files.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'puente-forms-'));
  mkdirSync(join(dataDir, 'official-forms'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(dataDir, 'official-forms', name), bytes);

/** A fillable form as an agency publishes it: with an author, a script, and fields of each kind. */
async function aFillableForm(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setAuthor(CANARY);
  document.addJavaScript('sum', 'this.calculateNow()');
  const page = document.addPage([400, 300]);
  page.drawText('OFFICIAL FORM 1', { x: 20, y: 270, size: 12 });
  const form = document.getForm();
  const text = (name: string, y: number, width = 200, height = 18) => {
    const field = form.createTextField(name);
    field.addToPage(page, { x: 20, y, width, height });
    return field;
  };
  text('obligor.family', 240);
  text('obligor.native', 215);
  text('case.caseId', 190).setMaxLength(14);
  text('note.text', 120, 200, 60).enableMultiline();
  text('tiny.text', 90, 30);
  form.createCheckBox('order.isParentageEstablished').addToPage(page, { x: 20, y: 60, width: 12, height: 12 });
  const choice = form.createDropdown('case.assistance');
  choice.addOptions(['current', 'former', 'never']);
  choice.addToPage(page, { x: 120, y: 60, width: 100, height: 18 });
  const radio = form.createRadioGroup('obligor.sex');
  for (const [index, option] of ['female', 'male'].entries()) radio.addOptionToPage(option, page, { x: 250 + index * 30, y: 60, width: 12, height: 12 });
  return document.save({ useObjectStreams: false });
}

const VALUES: Readonly<Record<string, string | boolean>> = {
  'obligor.family': 'Ñúñez-Peña y Güemes', 'obligor.native': '김선영 金善英', 'case.caseId': '2000004103958', 'note.text': '양육비 결정에 따라 2024년부터 매월 지급하여야 합니다. La resolución sigue vigente.\nSecond line.',
  'tiny.text': 'ok', 'order.isParentageEstablished': true, 'case.assistance': 'former', 'obligor.sex': 'male',
};
const lookup = (changes: Readonly<Record<string, string | boolean | null>> = {}) => (): ((place: string) => string | boolean | null) =>
  (place) => (place in changes ? changes[place] ?? null : VALUES[place] ?? null);
const filled = (changes?: Readonly<Record<string, string | boolean | null>>) => officialForms({ dataDir }, [{ formId: 'transmittal_1', isRequired: true }], [], lookup(changes));

describe('an official form that can be filled', () => {
  beforeEach(async () => put('transmittal_1.pdf', await aFillableForm()));

  it('is filled in the scripts of all three languages and can no longer be changed', async () => {
    const { forms, findings } = await filled();
    expect(findings).toEqual([]);
    expect(forms).toMatchObject([{ formId: 'transmittal_1', fileName: 'forms/transmittal-1.pdf', pages: 1 }]);
    const bytes = forms[0]?.bytes as Buffer;
    const text = (await readPdf(bytes)).pages.join(' ').replace(/\s+/g, ' ');
    for (const expected of ['OFFICIAL FORM 1', 'Ñúñez-Peña y Güemes', '김선영 金善英', '2000004103958', '매월 지급하여야', 'sigue vigente.', 'Second line.', 'former']) expect(text).toContain(expected);
    const again = await PDFDocument.load(bytes);
    expect(again.getForm().getFields()).toEqual([]);
    expect(again.catalog.get(PDFName.of('Names'))).toBeUndefined();
    expect(inflatedBytes(bytes).toString('latin1')).not.toMatch(/CANARY|calculateNow|JavaScript/);
  });

  it('brings the outline of every letter: text that can be found can also be seen', async () => {
    const document = await PDFDocument.load((await filled()).forms[0]?.bytes as Buffer);
    const fonts = document.context.enumerateIndirectObjects().flatMap(([, object]) => (object instanceof PDFRawStream ? [decodePDFRawStream(object).decode()] : []))
      .filter((bytes) => Buffer.from(bytes).toString('latin1', 0, 4) === '\0\x01\0\0').map((bytes) => fontkit.create(Uint8Array.from(bytes)));
    expect(fonts).toHaveLength(1);
    const blank = [...new Set(Object.values(VALUES).filter((value) => typeof value === 'string').join('').replace(/\s/g, ''))].filter((letter) => fonts[0]?.glyphForCodePoint(letter.codePointAt(0) as number).path.toSVG() === '');
    expect(blank).toEqual([]);
  });

  it('gives the same bytes for the same content', async () => {
    expect((await filled()).forms[0]?.sha256).toBe((await filled()).forms[0]?.sha256);
    expect((await filled({ 'tiny.text': 'no' })).forms[0]?.sha256).not.toBe((await filled()).forms[0]?.sha256);
  });

  it('leaves blank what the model keeps back', async () => {
    const { forms, findings } = await filled({ 'obligor.family': null, 'case.assistance': null, 'obligor.sex': null, 'order.isParentageEstablished': null });
    expect(findings).toEqual([]);
    expect((await readPdf(forms[0]?.bytes as Buffer)).pages.join(' ')).not.toMatch(/Ñúñez|former/);
  });

  it.each([
    ['a text that is too wide', { 'tiny.text': 'far too long for this' }, 'text_too_long', 'tiny.text'],
    ['a text of too many lines', { 'note.text': 'line\n'.repeat(30) }, 'text_too_long', 'note.text'],
    ['a word that is wider than its field', { 'note.text': '가'.repeat(200) }, 'text_too_long', 'note.text'],
    ['more letters than the form takes', { 'case.caseId': '1'.repeat(15) }, 'text_too_long', 'case.caseId'],
    ['a choice that the form does not have', { 'case.assistance': 'unknown' }, 'choice_unknown', 'case.assistance'],
    ['a letter without a glyph', { 'obligor.native': '🙂' }, 'characters_unknown', 'obligor.native'],
  ])('%s blocks and is not cut', async (_what, changes, code, field) => {
    const { findings } = await filled(changes);
    expect(findings).toMatchObject([{ code: `official_form.${code}`, severity: 'block', path: '/forms/transmittal_1', params: { form: 'transmittal_1', field } }]);
  });

  it('is filled by a list of fields where the county wrote one', async () => {
    put('transmittal_1.fields.json', JSON.stringify({ fields: {
      'obligor.family': 'case.caseId', 'order.isParentageEstablished': { place: 'case.assistance', equals: 'former' }, 'case.assistance': { place: 'obligor.sex', options: { male: 'never' } },
      'obligor.native': '', 'case.caseId': '', 'note.text': '', 'tiny.text': '', 'gone': 'case.caseId',
    } }));
    const { forms, findings } = await filled();
    expect(findings.map(({ code, params }) => [code, params?.['field']])).toEqual([['official_form.field_unknown', 'gone'], ['official_form.field_unmapped', 'obligor.sex']]);
    const text = (await readPdf(forms[0]?.bytes as Buffer)).pages.join(' ');
    expect(text).toContain('2000004103958');
    expect(text).toContain('never');
  });

  it('is not filled again where the county attached it by hand', async () => {
    expect(await officialForms({ dataDir }, [{ formId: 'transmittal_1', isRequired: true }], ['transmittal_1'], lookup())).toEqual({ forms: [], findings: [] });
  });

  it.each([['{', 'mapping_invalid'], ['{"fields": {"a": 1}}', 'mapping_invalid'], ['[]', 'mapping_invalid']])('a list of fields that reads %s blocks', async (list, code) => {
    put('transmittal_1.fields.json', list);
    expect((await filled()).findings.map((finding) => finding.code)).toEqual([`official_form.${code}`]);
  });
});

it('a form that must be official and is not there blocks, and says where it belongs', async () => {
  const { forms, findings } = await filled();
  expect(forms).toEqual([]);
  expect(findings).toEqual([{ code: 'official_form.missing', severity: 'block', path: '/forms/transmittal_1', params: { form: 'transmittal_1', place: 'official-forms/transmittal_1.pdf' } }]);
  expect(await officialForms({ dataDir }, [{ formId: 'transmittal_1', isRequired: false }], [], lookup())).toEqual({ forms: [], findings: [] });
});

it('a form without fields, and one that is no PDF, are told apart', async () => {
  const flat = await PDFDocument.create();
  flat.addPage();
  put('transmittal_1.pdf', await flat.save());
  expect((await filled()).findings.map(({ code }) => code)).toEqual(['official_form.not_fillable']);
  put('transmittal_1.pdf', 'not a PDF');
  expect((await filled()).findings.map(({ code }) => code)).toEqual(['official_form.unreadable']);
});

it('a form’s id cannot lead out of its folder', async () => {
  expect(await officialForms({ dataDir }, [{ formId: '../keys', isRequired: false }], [], lookup())).toEqual({ forms: [], findings: [] });
});
