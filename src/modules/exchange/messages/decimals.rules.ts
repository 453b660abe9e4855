// Sums of amounts that were written as decimal strings (`schemas/xsd`: four places at most, of a rate ten). No currency is known here.
const PLACES = 4;
const RATE_PLACES = 10;

function scaled(text: string, places: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  return text.startsWith('-') ? -value : value;
}

/** An amount in ten-thousandths of its unit. */
export const amountOf = (text: string): bigint => scaled(text, PLACES);

export const sumOf = (texts: readonly string[]): bigint => texts.reduce((sum, text) => sum + amountOf(text), 0n);

/** The amount as it would be written, without zeros at the end. */
export function written(amount: bigint): string {
  const [sign, digits] = amount < 0n ? ['-', String(-amount)] : ['', String(amount)];
  const padded = digits.padStart(PLACES + 1, '0');
  const fraction = padded.slice(-PLACES).replace(/0{1,4}$/, '');
  return `${sign}${padded.slice(0, -PLACES)}${fraction === '' ? '' : `.${fraction.padEnd(2, '0')}`}`;
}

/** Whether `net` is `gross` times `rate`, less `fee`, give or take a hundredth and what rounding makes of a whole unit where the amounts have no cents. */
export function addsUp(line: { readonly gross: string; readonly rate: string | null; readonly fee: string; readonly net: string }): boolean {
  const exact = line.rate === null ? amountOf(line.gross) : (amountOf(line.gross) * scaled(line.rate, RATE_PLACES)) / 10n ** BigInt(RATE_PLACES);
  const difference = exact - amountOf(line.fee) - amountOf(line.net);
  const tolerance = line.net.includes('.') ? 151n : 10_001n;
  return (difference < 0n ? -difference : difference) <= (line.rate === null ? 0n : tolerance);
}
