import { minorDigits, parseMajor } from './money.ts';

// An amount as people type it: with a comma or a point, in groups, in full width, with its currency beside it. What could be read in two ways is not read.

const CHARACTERS_MAX = 40;
/** 1234.56 · 1,234.56 · 1.234,56 · 1 234,56: the groups, their sign, and what follows the other sign. */
const FORMS: readonly { readonly form: RegExp; readonly group: RegExp }[] = [
  { form: /^\d+(?:\.(\d+))?$/, group: /$^/g }, { form: /^\d{1,3}(?:,\d{3})+(?:\.(\d+))?$/, group: /,/g }, { form: /^\d{1,3}(?:\.\d{3})+,(\d{1,2})$/, group: /\./g },
  { form: /^\d+,(\d{1,2})$/, group: /$^/g }, { form: /^\d{1,3}(?: \d{3})+(?:[.,](\d{1,2}))?$/, group: / /g },
];
const SIGNS: Readonly<Record<string, readonly string[]>> = { USD: ['$', 'US$'], MXN: ['$', 'MX$'], KRW: ['₩', '원'] };

/** Without the marks of its own currency at its beginning or end; those of another one stay, so that it is not read. */
function withoutCurrency(text: string, currency: string): string {
  const own = [currency, ...(SIGNS[currency] ?? [])].toSorted((a, b) => b.length - a.length);
  let plain = text.toUpperCase();
  for (const end of ['before', 'after'] as const) {
    const mark = own.find((one) => (end === 'before' ? plain.startsWith(one) : plain.endsWith(one)));
    if (mark !== undefined) plain = (end === 'before' ? plain.slice(mark.length) : plain.slice(0, -mark.length)).trim();
  }
  return plain;
}

/** Minor units of what somebody typed; null when it is no amount of this currency, or could be two (`1.234` dollars). */
export function typedAmount(text: string, currency: string): bigint | null {
  if (text.length > CHARACTERS_MAX) return null;
  const plain = withoutCurrency(text.normalize('NFKC').replace(/\s+/gu, ' ').trim(), currency);
  for (const { form, group } of FORMS) {
    const found = form.exec(plain);
    if (found === null) continue;
    // A point before three digits parts thousands for some: only a currency with three decimals means it.
    if (/^\d+\.\d{3}$/.test(plain) && minorDigits(currency) !== 3) return null;
    return parseMajor(plain.replace(group, '').replace(',', '.'), currency);
  }
  return null;
}
