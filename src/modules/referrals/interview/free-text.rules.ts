/** What no free text of an interview may hold, whoever it is about. */
export type TextFault = 'text_identifier' | 'text_federal_source' | 'character_refused';

const SEP = String.raw`[\s\p{Pd}._/]`;
const alone = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}\\d])${pattern}(?![\\p{L}\\d])`, 'u');
const spread = (...parts: readonly string[]): string => parts.join(`${SEP}?`);
const times = (count: number): string[] => Array.from({ length: count }, () => String.raw`\d`);

// A birth day as six digits, as CURP, RFC and Korean resident numbers have it: a case number is not taken for one.
const DAY = spread(...times(2), `(?:0${SEP}?[1-9]|1${SEP}?[0-2])`, `(?:0${SEP}?[1-9]|[12]${SEP}?\\d|3${SEP}?[01])`);

const IDENTIFIERS: readonly RegExp[] = [
  alone(`\\d{3}${SEP}{0,3}\\d{2}${SEP}{0,3}\\d{4}`),
  alone(`\\d(?:${SEP}\\d){8}`),
  alone(`${DAY}${SEP}{0,3}${spread(...times(7))}`),
  alone(`${DAY}${SEP}{0,3}[0-9X*•●][X*•●]{6}`),
  alone(spread(...times(18))),
  alone(`[A-Z]{4}${SEP}?${DAY}${SEP}?[HMX][A-Z]{5}[A-Z\\d]\\d`),
  alone(`[A-ZÑ&]{3,4}\\p{Pd}?${DAY}\\p{Pd}?[A-Z\\d]{3}`),
  alone(String.raw`[A-Z]{6}\d{8}[HM]\d{3}`),
];

// Federal locate, tax and bank-match data, in the words in which people speak of them (45 CFR 303.21(d)(3)).
const FEDERAL: readonly RegExp[] = [
  /(?<!\p{L})(FPLS|F\.P\.L\.S\.?|FIDM|NDNH|MSFIDM|IRS|I\.R\.S\.?)(?!\p{L})/iu,
  /federal\s+parent\s+locat|internal\s+revenue|directory\s+of\s+new\s+hires|financial\s+institution\s+data\s+match|department\s+of\s+the\s+treasury|u\.?s\.?\s+treasury/iu,
  /(?<!\p{L})(tax|taxes|refund|federal|treasury|stimulus)[\s\p{Pd}]+(refund[\s\p{Pd}]+)?(offset|intercept|refund)/iu,
  /(intercept|offset)\p{L}*\s+(\p{L}+\s+){0,4}(tax|refund)/iu,
  /(devoluci|reembols|reintegr|retenci|intercepci|compensaci)\p{L}*\s+(\p{L}+\s+){0,4}(impuesto|fiscal|tribut)/iu,
  /servicio\s+(federal\s+)?de\s+(rentas|impuestos)\s+internos|servicio\s+federal\s+de\s+localizaci|localizaci\p{L}*\s+federal|tesoro\s+(federal|de\s+(los\s+)?(ee\.?\s?uu|estados))/iu,
  /국세청|세금\s*환급|환급금\s*(상계|압류|차감|가로)|연방\s*(양육부모|부모)\s*(위치|소재|찾기)|연방\s*재무부/u,
];

// Characters that print nothing or turn the order of others around; line ends may stand in long texts.
const REFUSED = /[\p{Cc}\p{Co}\p{Cs}\p{Cn}\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

/** The faults of one text as it was typed. */
export function textFaults(text: string): TextFault[] {
  const faults: TextFault[] = [];
  if (REFUSED.test(text.replace(/[\n\t]/g, ''))) faults.push('character_refused');
  const folded = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const upper = folded.toUpperCase();
  if (IDENTIFIERS.some((pattern) => pattern.test(upper))) faults.push('text_identifier');
  const bare = folded.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC');
  if (FEDERAL.some((pattern) => pattern.test(bare))) faults.push('text_federal_source');
  return faults;
}
