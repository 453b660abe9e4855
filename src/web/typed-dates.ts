import { partsOfDate, typedDate } from '../http/index.ts';
import type { DateFault, DatePart, DateParts, TypedDate } from '../http/index.ts';
import type { Language, Translate } from '../platform/i18n.ts';

/** In which order the people of each language write a date. */
const ORDERS: Readonly<Record<Language, readonly DatePart[]>> = { 'en': ['month', 'day', 'year'], 'es-MX': ['day', 'month', 'year'], 'ko-KR': ['year', 'month', 'day'] };

interface Fault {
  readonly field: string;
  readonly text: string;
  readonly beside?: string;
}

/** What the part `/parts/date-field` and the summary of errors know of the dates of this request. */
export interface DateForm {
  readonly order: readonly DatePart[];
  /** What stands in the three fields, which of them are wrong, and in which words; what was typed as it was typed. */
  shown(name: string, value: string, isMonth?: boolean): { readonly parts: DateParts; readonly wrong: readonly DatePart[]; readonly text: string | null };
  /** A fault of a field that is such a date says which part is wrong, and leads there. */
  told(fault: Fault): { readonly at: string; readonly text: string };
  /** Dates that are none and of which the page's own faults say nothing: a use case stops at the first. */
  untold(faults: readonly Fault[]): readonly { readonly at: string; readonly text: string }[];
}

export function dateFormFor(language: Language, translate: Translate, dates: ReadonlyMap<string, TypedDate> = new Map()): DateForm {
  const order = ORDERS[language];
  const inOrder = (faults: readonly DateFault[]): DateFault[] => [...faults].sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
  const say = (faults: readonly DateFault[]): string => inOrder(faults).map(({ part, kind, typed, days }) => translate(`dates:fault.${part}_${kind}`, { typed, days })).join(' ');
  const isOf = (field: string, name: string): boolean => name === field || field.endsWith(`-${name.replace(/[^0-9A-Za-z]+/g, '-').replace(/^-/, '')}`);
  return {
    order,
    shown: (name, value, isMonth = false) => {
      // A page may have cut what it read; a row that was moved has another name.
      const sent = [dates.get(name), ...dates.values()].find((one) => one !== undefined && one.faults.length > 0 && value !== '' && one.value.startsWith(value));
      const parts = sent?.parts ?? partsOfDate(value, isMonth);
      const faults = sent?.faults ?? typedDate(parts).faults;
      return { parts, wrong: inOrder(faults).map(({ part }) => part), text: faults.length === 0 ? null : say(faults) };
    },
    told: (fault) => {
      const found = [...dates].find(([name, { faults }]) => faults.length > 0 && isOf(fault.field, name));
      if (!found) return { at: fault.field, text: fault.text };
      const said = say(found[1].faults);
      const isBeside = fault.beside !== undefined && fault.text.endsWith(fault.beside);
      return { at: `${fault.field}-${inOrder(found[1].faults)[0]?.part ?? ''}`, text: isBeside ? fault.text.slice(0, -(fault.beside ?? '').length) + said : said };
    },
    untold: (told) => [...dates].filter(([name, { faults }]) => faults.length > 0 && !told.some(({ field }) => isOf(field, name)))
      .map(([name, { faults }]) => ({ at: `${name}-${inOrder(faults)[0]?.part ?? ''}`, text: say(faults) })),
  };
}
