import { formatMajor } from '../../../platform/money.ts';

/**
 * Amounts in words, as court papers want them beside the figures. Only for languages and currencies whose court style is known;
 * elsewhere null, and the figures stand alone.
 */
export function moneyInWords(amountMinor: bigint, currency: string, language: string): string | null {
  if (amountMinor < 0n) return null;
  const [whole = '0', cents = ''] = formatMajor(amountMinor, currency).split('.');
  const units = BigInt(whole);
  if (units >= 10n ** 15n) return null;
  switch (language) {
    case 'es-MX': return spanish(units, cents, currency);
    case 'ko-KR': return korean(units, cents, currency);
    case 'en': return english(units, cents, currency);
    default: return null;
  }
}

const SPANISH_CURRENCIES: Readonly<Record<string, { one: string; many: string; after: string; country: string }>> = {
  MXN: { one: 'peso', many: 'pesos', after: ' M.N.', country: '' },
  USD: { one: 'dólar', many: 'dólares', after: ', moneda de los Estados Unidos de América', country: '' },
  KRW: { one: 'won', many: 'wones', after: '', country: ' de la República de Corea' },
};

/** `un mil doscientos treinta y cuatro pesos 56/100 M.N.` */
function spanish(units: bigint, cents: string, currency: string): string | null {
  const unit = SPANISH_CURRENCIES[currency];
  if (!unit) return null;
  // Whole millions take "de": un millón de pesos, but un millón cien pesos.
  const of = units >= 1_000_000n && units % 1_000_000n === 0n ? ' de' : '';
  const name = `${spanishNumber(units)}${of} ${units === 1n ? unit.one : unit.many}${unit.country}`;
  return cents === '' ? name : `${name} ${cents}/100${unit.after}`;
}

const ES_SMALL = ['', 'un', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce', 'trece', 'catorce', 'quince',
  'dieciséis', 'diecisiete', 'dieciocho', 'diecinueve', 'veinte', 'veintiún', 'veintidós', 'veintitrés', 'veinticuatro', 'veinticinco', 'veintiséis',
  'veintisiete', 'veintiocho', 'veintinueve'];
const ES_TENS = ['', '', '', 'treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'];
const ES_HUNDREDS = ['', 'ciento', 'doscientos', 'trescientos', 'cuatrocientos', 'quinientos', 'seiscientos', 'setecientos', 'ochocientos', 'novecientos'];

function spanishBelowThousand(value: number): string {
  if (value === 100) return 'cien';
  const [hundreds, rest] = [Math.floor(value / 100), value % 100];
  const small = rest < 30 ? ES_SMALL[rest] ?? '' : [ES_TENS[Math.floor(rest / 10)], ES_SMALL[rest % 10]].filter(Boolean).join(' y ');
  return [ES_HUNDREDS[hundreds], small].filter(Boolean).join(' ');
}

// The long scale: a thousand million is "un mil millones", and "billón" is a million million.
function spanishNumber(value: bigint): string {
  if (value === 0n) return 'cero';
  const belowMillion = (part: number): string => [
    part >= 1000 ? `${spanishBelowThousand(Math.floor(part / 1000))} mil` : '', spanishBelowThousand(part % 1000),
  ].filter(Boolean).join(' ');
  const groups = [Number(value / 10n ** 12n), Number((value / 1_000_000n) % 1_000_000n), Number(value % 1_000_000n)];
  const [billions = 0, millions = 0, rest = 0] = groups;
  return [
    billions > 0 ? `${belowMillion(billions)} ${billions === 1 ? 'billón' : 'billones'}` : '',
    millions > 0 ? `${belowMillion(millions)} ${millions === 1 ? 'millón' : 'millones'}` : '',
    belowMillion(rest),
  ].filter(Boolean).join(' ');
}

const KOREAN_CURRENCIES: Readonly<Record<string, readonly [before: string, unit: string, cent: string]>> = {
  KRW: ['', '원', ''], USD: ['미화 ', '달러', '센트'], MXN: ['멕시코화 ', '페소', '센타보'],
};

/** `일백이십삼만사천오백육십칠원`: every digit is read, also a one, so that nothing can be added before it. */
function korean(units: bigint, cents: string, currency: string): string | null {
  const unit = KOREAN_CURRENCIES[currency];
  if (!unit) return null;
  const tail = Number(cents) > 0 ? ` ${koreanNumber(BigInt(cents))}${unit[2]}` : '';
  return `${unit[0]}${koreanNumber(units)}${unit[1]}${tail}`;
}

const KO_DIGITS = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'];
const KO_PLACES = ['', '십', '백', '천'];
const KO_GROUPS = ['', '만', '억', '조'];

function koreanNumber(value: bigint): string {
  if (value === 0n) return '영';
  let text = '';
  for (let group = 0, rest = value; rest > 0n; group++, rest /= 10_000n) {
    const digits = [...String(rest % 10_000n)].toReversed();
    const words = digits.map((digit, place) => (digit === '0' ? '' : `${KO_DIGITS[Number(digit)]}${KO_PLACES[place]}`)).toReversed().join('');
    if (words !== '') text = `${words}${KO_GROUPS[group] ?? ''}${text}`;
  }
  return text;
}

const ENGLISH_CURRENCIES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  USD: ['United States dollar', 'United States dollars'], MXN: ['Mexican peso', 'Mexican pesos'], KRW: ['Korean won', 'Korean won'],
};

/** `one thousand two hundred thirty-four and 56/100 United States dollars` */
function english(units: bigint, cents: string, currency: string): string | null {
  const unit = ENGLISH_CURRENCIES[currency];
  if (!unit) return null;
  const fraction = cents === '' ? '' : ` and ${cents}/100`;
  return `${englishNumber(units)}${fraction} ${units === 1n && (cents === '' || cents === '00') ? unit[0] : unit[1]}`;
}

const EN_SMALL = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen',
  'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const EN_TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const EN_GROUPS = ['', ' thousand', ' million', ' billion', ' trillion'];

function englishNumber(value: bigint): string {
  if (value === 0n) return 'zero';
  const parts: string[] = [];
  for (let group = 0, rest = value; rest > 0n; group++, rest /= 1000n) {
    const part = Number(rest % 1000n);
    if (part === 0) continue;
    const below = part % 100;
    const small = below < 20 ? EN_SMALL[below] ?? '' : [EN_TENS[Math.floor(below / 10)], EN_SMALL[below % 10]].filter(Boolean).join('-');
    const hundreds = part >= 100 ? `${EN_SMALL[Math.floor(part / 100)]} hundred` : '';
    parts.unshift(`${[hundreds, small].filter(Boolean).join(' ')}${EN_GROUPS[group] ?? ''}`);
  }
  return parts.join(' ');
}
