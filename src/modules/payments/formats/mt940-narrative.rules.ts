import { isCurrency, parseMajor } from '../../../platform/money.ts';
import type { BankEntryDetails } from './bank-entry.rules.ts';

/**
 * Information to the account owner (field `:86:`, and the second line of `:61:`): six lines of 65 characters by the standard, more in
 * practice. Three ways of writing it: numbered subfields (`166?20…?32…`, German banks), words between slashes (`/EREF/…/REMI/…`,
 * SWIFT and Dutch banks), and free text; the first may carry `EREF+…SVWZ+…` inside.
 */

export interface Narrative {
  references: string[];
  text: string;
  details: BankEntryDetails | undefined;
  /** Why a payment of ours came back, where it is said. */
  returned: string | null;
}

const LINE = 65;
const NUMBERED = /^\d{3}([?<>~^])(?=\d{2})/;
const REFERENCE_WORDS = new Set(['EREF', 'KREF', 'PREF', 'IREF']);
/** What is said of the amount and of its return is no text. */
const AMOUNT_WORDS = new Set(['OCMT', 'CHGS', 'EXCH', 'RTRN', ...REFERENCE_WORDS]);

export function readNarrative(lines: readonly string[], supplement: string): Narrative {
  const joined = joinLines(lines);
  const separator = NUMBERED.exec(joined)?.[1];
  const text = separator === undefined ? joined : subfields(joined.slice(3), separator);
  const words = worded(text);
  const said = `${supplement} ${text}`;
  return {
    references: words.filter(([word]) => REFERENCE_WORDS.has(word)).map(([, value]) => value),
    text: [...words.filter(([word]) => !AMOUNT_WORDS.has(word)).map(([, value]) => value), AMOUNT.test(supplement) ? '' : supplement].filter((part) => part !== '').join(' '),
    details: detailsOf(said), returned: /\/RTRN\/([A-Z0-9]{3,4})\b/.exec(said)?.[1] ?? null,
  };
}

const AMOUNT = /\/(?:OCMT|CHGS)\//;

/** A full line goes on in the next one in the middle of a word; a shorter one ended where it should. */
function joinLines(lines: readonly string[]): string {
  let text = '';
  lines.forEach((line, at) => { text += at > 0 && (lines[at - 1] as string).length < LINE && !NUMBERED.test(lines[0] as string) ? ` ${line}` : line; });
  return text.trim();
}

/** Remittance stands in 20–29 and 60–63, the other party's name in 32 and 33; a long value goes on in the next number. */
function subfields(text: string, separator: string): string {
  let remittance = '';
  let name = '';
  for (const part of text.split(separator)) {
    const number = Number(part.slice(0, 2));
    const value = part.slice(2);
    if ((number >= 20 && number <= 29) || (number >= 60 && number <= 63)) remittance += value;
    else if (number === 32 || number === 33) name += value;
  }
  return [remittance.trim(), name.trim()].filter((part) => part !== '').join(' ');
}

/** Words of four letters that say what follows them, as `/EREF/` or `EREF+`; what stands before the first has the word ''. */
function worded(text: string): (readonly [word: string, value: string])[] {
  const found: (readonly [string, string])[] = [];
  let word = '';
  let from = 0;
  for (const match of text.matchAll(/\/(?<slashed>[A-Z]{4})\/|(?<=^|[\s?])(?<plus>EREF|KREF|MREF|CRED|SVWZ|ABWA|PREF)\+|(?<=\S)(?<glued>SVWZ|MREF|CRED|KREF)\+/g)) {
    found.push([word, text.slice(from, match.index)]);
    word = match.groups?.['slashed'] ?? match.groups?.['plus'] ?? match.groups?.['glued'] ?? '';
    from = match.index + match[0].length;
  }
  found.push([word, text.slice(from)]);
  return found.map(([code, value]) => [code, value.replace(/^\/+|\/+$/g, '').trim()] as const).filter(([, value]) => value !== '');
}

function detailsOf(text: string): BankEntryDetails | undefined {
  const details: BankEntryDetails = {};
  const instructed = moneyAfter(text, /\/OCMT\/([A-Z]{3})(\d[\d,]{0,18})/);
  if (instructed) details.instructed = instructed;
  const charged = moneyAfter(text, /\/CHGS\/([A-Z]{3})(\d[\d,]{0,18})/);
  if (charged) details.charges = [{ ...charged, bearer: '' }];
  const rate = /\/EXCH\/(\d{1,11}(?:,\d{1,11})?)/.exec(text)?.[1];
  if (rate !== undefined && rate.length <= 12) details.rate = { rate: rate.replace(',', '.'), source: '', target: '', quotedOn: null };
  return Object.keys(details).length > 0 ? details : undefined;
}

function moneyAfter(text: string, pattern: RegExp): { amountMinor: bigint; currency: string } | null {
  const match = pattern.exec(text);
  if (!match || !isCurrency(match[1] as string)) return null;
  const amountMinor = parseMajor((match[2] as string).replace(',', '.').replace(/\.$/, ''), match[1] as string);
  return amountMinor === null ? null : { amountMinor, currency: match[1] as string };
}
