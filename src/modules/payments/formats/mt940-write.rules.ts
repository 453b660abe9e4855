import { formatMajor } from '../../../platform/money.ts';
import type { BankEntry, BankFile, BankStatement } from './bank-entry.rules.ts';
import { entriesByStatement, writtenReferences } from './written-entry.rules.ts';

/**
 * Writes MT940 as `readBankFile` reads it: references that do not fit into `:61:` and the amount's history as words in `:86:`. The format
 * knows neither a counter value nor who bears a charge, and one booking is one movement.
 */

const REFERENCE_CHARS = 16;
const LINE = 65;

export function writeMt940(file: BankFile): string {
  const entries = entriesByStatement(file.entries, file.statements.length);
  const notices = new Map(file.notices.map((notice) => [notice.line, notice.reason]));
  return file.statements.map((s, at) => {
    const next = file.statements[at + 1];
    const goesOn = next !== undefined && next.account === s.account && s.sequence !== null && next.sequence === s.sequence && (next.page ?? 0) > (s.page ?? 0);
    return [
      `:20:${s.statementId}`, `:25:${s.account}`, ...(s.sequence === null ? [] : [`:28C:${String(s.sequence).padStart(5, '0')}${s.page === null ? '' : `/${String(s.page).padStart(3, '0')}`}`]),
      ...balance((s.page ?? 1) > 1 ? '60M' : '60F', s.opening, s.from, s), ...(entries[at] ?? []).flatMap((entry) => movement(entry, notices.get(entry.line))),
      ...balance(goesOn ? '62M' : '62F', s.closing, s.to, s), '-', ''].join('\r\n');
  }).join('');
}

function balance(tag: string, minor: bigint | null, day: string | null, { currency }: BankStatement): string[] {
  if (minor === null || day === null || currency === null) return [];
  return [`:${tag}:${minor < 0n ? 'D' : 'C'}${sixDigits(day)}${currency}${withComma(minor < 0n ? -minor : minor, currency)}`];
}

function movement(entry: BankEntry, returned: string | undefined): string[] {
  const mark = (entry.direction === 'credit') === entry.isReversal ? 'D' : 'C';
  const references = writtenReferences(entry);
  const own = entry.servicerRef === '' ? entry.entryRef : (references[0] ?? '').length <= REFERENCE_CHARS ? references[0] ?? '' : '';
  const others = own === '' ? references : references.slice(1);
  const { instructed, charges, rate } = entry.details ?? {};
  const words = [
    ...others.map((reference) => `/EREF/${reference}`), instructed ? `/OCMT/${instructed.currency}${withComma(instructed.amountMinor, instructed.currency)}` : '',
    ...(charges ?? []).slice(0, 1).map((charge) => `/CHGS/${charge.currency}${withComma(charge.amountMinor, charge.currency)}`), rate ? `/EXCH/${rate.rate.replace('.', ',')}` : '',
    returned === undefined ? '' : `/RTRN/${returned}`].join('');
  const narrative = words === '' ? entry.text : `${words}${entry.text === '' ? '' : `/REMI/${entry.text}`}`;
  const line = `:61:${sixDigits(entry.valueOn ?? entry.bookedOn ?? '')}${entry.bookedOn === null ? '' : entry.bookedOn.slice(5).replace('-', '')}${entry.isReversal ? 'R' : ''}${mark}`
    + `${withComma(entry.amountMinor, entry.currency)}NTRF${own === '' ? 'NONREF' : own}${entry.servicerRef === '' ? '' : `//${entry.servicerRef}`}`;
  return [line, ...(narrative === '' ? [] : lines(narrative).map((text, at) => (at === 0 ? `:86:${text}` : text)))];
}

/** Full lines of 65, which go on in the middle of a word; before what may not begin or end a line, one ends early, which reads as a blank. */
function lines(text: string): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > LINE) {
    const isClean = !/\s/.test(rest[LINE - 1] as string) && !/[\s:{-]/.test(rest[LINE] as string);
    const space = rest.lastIndexOf(' ', LINE - 1);
    const cut = isClean || space <= 0 ? LINE : space;
    found.push(rest.slice(0, cut));
    rest = rest.slice(cut === LINE ? cut : cut + 1);
  }
  return [...found, rest];
}

function sixDigits(day: string): string {
  return day.slice(2).replaceAll('-', '');
}

/** The comma stands also where no decimals follow. */
function withComma(minor: bigint, currency: string): string {
  const text = formatMajor(minor, currency).replace('.', ',');
  return text.includes(',') ? text : `${text},`;
}
