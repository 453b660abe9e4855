import { globSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);
/** Where the people, papers and lists of these tests come from. */
const STORIES = ['test/http/web/sample-*.ts', 'test/http/web/web-site.ts', 'test/browser/story*.ts', 'test/support/cases/*.ts', 'test/support/reconciliation/*.ts', 'test/support/payments/*.ts', 'test/support/exchange*/*.ts', 'test/support/referrals-incoming/*.ts', 'test/support/referrals/paper-files.ts'];
const OTHER_LANGUAGES = new Set(['en', 'ko-KR', 'ko']);
/** Codes of law, ids, files and networks are the same in every language. */
const CODE = /\bOMB \d{4}-\d{4}\b|(?:\d+ (?:CFR|USC|CCR|U\.S\.C\.)|Cal\. \w+\. Code) ?(?:§+ ?)?[\d.]+\w*(?:\(\w+\))*|\b[a-z]{3}_[0-9A-Z]{26}\b|\S+\.(?:pdf|csv|xlsx|png|jpe?g|json|xml|asice)\b|\b[0-9a-f:.]+\/\d{1,3}\b|\b(?=\w*\d)[\w-]*[A-Z0-9][\w/-]*\b/giu;
const A_WORD = /\p{L}{2,}/u;

/** Tells whether a text is nothing but data: what a data file of ours says in this language, a country, or what somebody of the story is called. */
export function knownData(language: string): (text: string) => boolean {
  const texts = new Set(globSync('src/**/*.json', { cwd: ROOT }).flatMap((file) => textsOf(JSON.parse(readFileSync(new URL(file, ROOT), 'utf8')), language)));
  for (const text of STORIES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap((file) => sayingsIn(readFileSync(new URL(file, ROOT), 'utf8')))) texts.add(text);
  const names = new Set(STORIES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap((file) => namesIn(readFileSync(new URL(file, ROOT), 'utf8'))));
  const regions = new Intl.DisplayNames([language], { type: 'region' });
  for (const country of ['US', 'MX', 'KR', 'CA', 'GT']) texts.add(regions.of(country) ?? '');
  for (const name of ['Lucía', 'Álvarez', 'Gómez']) names.add(name);
  const languages = new Intl.DisplayNames([language], { type: 'language' });
  for (const tongue of ['en', 'es', 'ko', 'es-MX', 'ko-KR', 'en-US', 'zxx', 'nah', 'und']) texts.add(languages.of(tongue) ?? '');
  const isKnown = (text: string): boolean => {
    const piece = text.replace(/^[\s.,;:()–·«»"'*]+|[\s.,;:()–·«»"'*]+$/gu, '');
    return !A_WORD.test(piece) || texts.has(piece) || texts.has(`${piece})`) || texts.has(`${piece}.`);
  };
  const isOfNames = (text: string): boolean => (text.normalize('NFC').match(/\p{L}{2,}/gu) ?? []).every((word) => names.has(word));
  const isData = (piece: string): boolean => isKnown(piece) || isKnown(piece.replace(CODE, ' ')) || isOfNames(piece.replace(CODE, ' '));
  return (whole) => {
    const text = whole.replaceAll(HOSTILE_NAME, ' ');
    return isData(text) || [/ [·–] /u, / [·–] |[,;:()]/u].some((at) => text.split(at).every(isData));
  };
}

/** A name that somebody tries to attack with. */
const HOSTILE_NAME = /<script>alert\(1\)<\/script>"?'?=?1?\+?1?|X{20,}/gu;

function textsOf(value: unknown, language: string): string[] {
  if (typeof value === 'string') return [value.replace(/\s+/gu, ' ').trim()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (OTHER_LANGUAGES.has(name) && name !== language ? [] : textsOf(inner, language)));
}

/** Words of the texts in a source file that no word of a page could be: names begin large or are not in plain letters. */
function namesIn(source: string): string[] {
  return [...source.matchAll(/'([^'\n]*)'/gu)].flatMap(([, text]) => (text ?? '').match(/\p{L}{2,}/gu) ?? []).filter((word) => !/^[a-z]+$/u.test(word) || NAMED_SMALL.has(word));
}

/** What people of the story wrote. */
function sayingsIn(source: string): string[] {
  return [...source.matchAll(/'([^'\n]*)'/gu)].map(([, text]) => text ?? '').filter((text) => text.length >= 8 && text.includes(' '));
}

const NAMED_SMALL = new Set(['operator', 'enero', 'de', 'los', 'la']);
