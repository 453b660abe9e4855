import { AppError } from '../../../src/platform/errors.ts';
import { readXliff, writeXliff } from '../../../src/modules/referrals/translation/xliff.ts';

const KEY = 'a'.repeat(32);
const OPEN = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="es-MX"><file id="txt_1" original="ref_1">';
const fileOf = (inside: string): string => `${OPEN}${inside}</file></xliff>`;
const unitOf = (target: string, source = 'He left.'): string => `<unit id="s${KEY}"><segment><source>${source}</source><target>${target}</target></segment></unit>`;
const targetOf = (xml: string): string | null | undefined => readXliff(xml).units[0]?.target;

/** What is refused, and where. */
function refusalOf(xml: string): string[] {
  try {
    readXliff(xml);
    return ['read'];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [error.code, ...error.findings.map(({ code, path, line }) => `${code} ${path ?? `line ${line ?? ''}`}`)];
  }
}

it('reads what was written, with every reference decoded', () => {
  const units = [{ key: KEY, revision: 3, source: 'He left <her> & "us".', target: 'Se fue a México.' }, { key: 'b'.repeat(32), revision: 0, source: 'He came.', target: null }];
  const text = { referralId: 'ref_1', textId: 'txt_1', sourceLanguage: 'en', targetLanguage: 'es-MX', units };
  expect(readXliff(writeXliff(text))).toEqual(text);
  expect(targetOf(fileOf(unitOf('Se fue a M&#233;xico &#x2014; &lt;hoy&gt;')))).toBe('Se fue a México — <hoy>');
  expect(targetOf(`\ufeff<?xml version="1.0" encoding="UTF-8"?>${fileOf(unitOf('<![CDATA[Sí & no]]>'))}`)).toBe('Sí & no');
});

it('reads what a tool divides, groups and adds of its own', () => {
  const two = `<unit id="s${KEY}"><notes><note category="puente-revision">2</note></notes><segment><source>He left.</source><target>Se fue.</target></segment><segment><source>He came.</source><target>Vino.</target></segment></unit>`;
  const own = '<m:matches xmlns:m="urn:tool"><m:match><source>x</source><target>y</target></m:match></m:matches><?tool saved?>';
  expect(readXliff(fileOf(`${own}<group id="g"><group id="h">${two}</group></group>`)).units).toEqual([{ key: KEY, revision: 2, source: 'He left. He came.', target: 'Se fue. Vino.' }]);
});

it('is not moved by names that mean something to a program', () => {
  const xml = fileOf(`<__proto__><a/></__proto__><constructor>1</constructor><toString/>${unitOf('Se fue.')}`).replace('<file ', '<file __proto__="x" constructor="y" ');
  expect(targetOf(xml)).toBe('Se fue.');
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

it.each([
  ['nothing', '', 'xml.not_well_formed line 1'],
  ['cut off', OPEN, 'xml.not_well_formed line 1'],
  ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${fileOf(unitOf('&a;'))}`, 'xml.doctype line '],
  ['an entity that nobody defined', fileOf(unitOf('&a;')), 'xml.not_well_formed line 1'],
  ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${fileOf(unitOf('x'))}`, 'xml.encoding line '],
  ['nested without end', fileOf('<x>'.repeat(200_000) + '</x>'.repeat(200_000)), 'xml.not_well_formed line 1'],
  ['nested too deep for any translation', fileOf(unitOf('<g>'.repeat(100) + '</g>'.repeat(100))), 'translation.file_part_unreadable /xliff'],
  ['another document', '<a/>', 'translation.file_part_unreadable /xliff'],
  ['XLIFF 1.2', fileOf(unitOf('x')).replace('version="2.0"', 'version="1.2"'), 'translation.file_part_unreadable /xliff'],
  ['two texts', fileOf(`${unitOf('x')}</file><file id="txt_2" original="ref_1">${unitOf('x')}`), 'translation.file_part_unreadable /xliff/file'],
  ['no sentence', fileOf(''), 'translation.file_part_unreadable /units'],
  ['a sentence that is not ours', fileOf(`${unitOf('x')}<unit id="s1"><segment><source/></segment></unit>`), 'translation.file_part_unreadable /units/1'],
  ['markup within a sentence', fileOf(unitOf('Se <pc id="1">fue</pc>.')), 'translation.file_part_unreadable /units/0/target'],
  ['more than any text', 'x'.repeat(4_000_001), 'translation.file_part_unreadable /'],
])('says where it is unreadable: %s', (_what, xml, where) => {
  expect(refusalOf(xml)).toEqual(['translation.file_unreadable', where]);
});
