import { hasWords } from '../../platform/i18n.ts';
import { countryNames } from '../countries.ts';
import type { Visit } from '../visit.ts';
import { wordsFor } from '../words.ts';
import type { FormWords } from './nodes.ts';

/** Under which list the modules have words for the codes of a field. */
const LISTS: Readonly<Record<string, string>> = { services: 'service', basis: 'basis', channels: 'channel', charges: 'charges', remitTo: 'remit_to', legalBasis: 'legal_basis', kind: 'kind', counties: 'county' };
const MARKS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', '.': 'point' };
const LANGUAGE_TAG = /^[a-z]{2,3}-[A-Z]{2}$|^en$/;
const PLAIN = /^[A-Za-z_][\w-]*$/;

/** Words for fields that are made from a schema: `admin:field.<name>`, with the field around it where that matters (`admin:field.<around>_<name>`). */
export function formWords(visit: Visit): FormWords {
  const { language, t } = visit;
  const words = wordsFor(language);
  const plain = (names: readonly string[]): string[] => names.filter((name) => name !== 'value' && !/^\d+$/.test(name));
  const find = (group: string, names: readonly string[], code = ''): string | null => {
    const own = plain(names);
    const keys = [own.slice(-2).join('_'), own.at(-1) ?? ''].filter((name) => PLAIN.test(name)).map((name) => `admin:${group}.${name}${code}`);
    const key = keys.find((one) => hasWords(language, one));
    return key === undefined ? null : t(key);
  };
  return {
    label: (names) => {
      const last = names.at(-1) ?? '';
      const valueKey = `admin:field.${names.at(-2) ?? ''}_value`;
      if (last === 'value' && names.length > 2 && PLAIN.test(names.at(-2) ?? '') && hasWords(language, valueKey)) return t(valueKey);
      if (last === 'value' || last === '' || /^\d+$/.test(last)) return '';
      if (LANGUAGE_TAG.test(last)) return words.label('language', last);
      return find('field', names) ?? last;
    },
    hint: (names) => (/^(value|\d+)$/.test(names.at(-1) ?? '') ? null : find('hint', names)),
    choice: (names, code) => {
      const own = plain(names);
      const mark = MARKS[code];
      if (mark !== undefined) return t(`admin:mark.${mark}`);
      if (names.includes('channels') && own.at(-1) === 'kind') return words.label('channel', code);
      const said = find('choice', names, `.${code.replaceAll('.', '_')}`);
      if (said !== null) return said;
      const list = LISTS[own.at(-1) ?? ''];
      return list === undefined ? code : words.label(list, code);
    },
    row: (names, number) => rowWords(names, number, visit),
    more: t('admin:form.more_hint'),
    yes: t('admin:form.yes'),
    no: t('admin:form.no'),
    date: (day) => visit.format.date(day),
  };
}

/** A row by what it is of (Address 1), where the list has a word for it. */
function rowWords(names: readonly string[], number: number, { language, t }: Visit): string {
  const key = `admin:rows.${names.findLast((name) => name !== 'value') ?? ''}`;
  return t(PLAIN.test(key.slice('admin:rows.'.length)) && hasWords(language, key) ? key : 'admin:form.row', { number });
}

/** What a JSON pointer is called: the names of the fields from the outside in. */
export function trailOf(pointer: string, visit: Visit): string {
  const words = formWords(visit);
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.flatMap((name, index) => {
    // Codes of banks are numbers too, and no places in a list.
    if (/^\d+$/.test(name)) return [names[index - 1] === 'bankCodes' ? name : rowWords(names.slice(0, index), Number(name) + 1, visit)];
    const label = words.label(names.slice(0, index + 1));
    return label === '' ? [] : [label];
  }).join(' › ');
}

/** A country's name in the reader's language. */
export const countryOf = (code: string, visit: Visit): string => countryNames(visit.language)(code);
