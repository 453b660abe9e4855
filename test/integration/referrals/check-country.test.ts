import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCountryData } from '../../../src/modules/referrals/index.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import { copyKit, loadEverything } from '../../support/referrals/country-kit.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'puente-check-'));
  copyKit(dataDir);
});
afterEach(() => {
  loadEverything(null);
  rmSync(dataDir, { recursive: true });
});

function change(file: string, from: string, to: string): void {
  const path = join(dataDir, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

it('finds nothing wrong with what the program brings itself, and nothing that would stop the country of the tests', () => {
  expect(checkCountryData(null).findings).toEqual([]);
  const { partners, findings } = checkCountryData(dataDir);
  expect(findings.filter(({ severity }) => severity === 'block')).toEqual([]);
  expect(partners.find(({ partnerId }) => partnerId === 'pt-dgaj')).toMatchObject({ language: 'pt-PT', forms: 'hague_2007', missing: 0 });
});

it('reports everything that is missing at once, each with its file and key', () => {
  change('locales/pt-PT/hague.json', '"requested": "Autoridade Central requerida",', '');
  change('locales/pt-PT/arrears.json', 'num total de {{owed}}', 'num total');
  change('locales/ko-KR/partners.json', '"enforceability_statement"', '"another"');
  change('locales/es-MX/hague.json', '"need_notice_statement"', '"another"');
  change('form-sets/hague_2007.json', '"document_list"', '"list_of_documents"');
  change('forms/hague_transmittal.json', '"part": "hague_authorities"', '"part": "authorities"');
  change('partners/pt-dgaj.json', '"id": "pt"', '"id": "pt-lis"');
  change('partners/pt-dgaj.json', '"hague.acknowledge"', '"hague.confirm"');
  change('partners/pt-dgaj.json', '"enforce"', '"modify"');
  const { findings } = checkCountryData(dataDir);
  const told = findings.map(({ code, path }) => `${code} ${path}`);
  expect(told).toEqual(expect.arrayContaining([
    'country.words_missing locales/pt-PT/hague.json#/label/requested', 'country.gaps_differ locales/pt-PT/arrears.json#/arrears_statement/sum',
    'country.screen_words_missing locales/ko-KR/partners.json#/document/enforceability_statement', 'country.screen_words_missing form-sets/hague_2007.json',
    'country.form_unknown form-sets/hague_2007.json', 'country.part_unknown forms/hague_transmittal.json', 'country.calendar_unknown partners/pt-dgaj.json#/calendar/value',
    'country.clock_unknown partners/pt-dgaj.json#/targetClocks/value/0', 'country.service_without_forms partners/pt-dgaj.json#/services/value/1',
  ]));
  for (const language of LANGUAGES) for (const { code, params } of findings) expect(wordsForCode(language, 'findings', code, params)).not.toBe(code);
});

it('reports files that cannot be read, of every kind, and does not call missing what they would have brought', () => {
  writeFileSync(join(dataDir, 'locales/pt-PT/packet.json'), '{ "title": 7 }');
  writeFileSync(join(dataDir, 'forms/hague_transmittal.json'), '{}');
  writeFileSync(join(dataDir, 'partners/pt-dgaj.json'), '[');
  writeFileSync(join(dataDir, 'glossaries/pt-PT.json'), '[');
  change('calendars/pt.json', '"easter"', '"moon"');
  mkdirSync(join(dataDir, 'interviews'));
  writeFileSync(join(dataDir, 'interviews/pt.json'), '[');
  const { findings } = checkCountryData(dataDir);
  const places = findings.map(({ path }) => path ?? '');
  for (const place of ['locales/pt-PT/packet.json', 'forms/hague_transmittal.json', 'partners/pt-dgaj.json', 'glossaries/pt-PT.json', 'calendars/pt.json', 'interviews/pt.json']) {
    expect(places).toContainEqual(expect.stringContaining(place));
  }
  expect(findings.every(({ code }) => !code.startsWith('country.'))).toBe(true);
  for (const language of LANGUAGES) for (const { code, params } of findings) expect(wordsForCode(language, 'findings', code, params)).not.toBe(code);
});
