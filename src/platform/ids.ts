import { randomBytes } from 'node:crypto';

/** What an id names. The prefix stands in the id itself, so that a log line or a support call can tell a run from a file. */
export type IdPrefix = 'ref' | 'pkt' | 'fil' | 'run' | 'trf' | 'acc' | 'usr' | 'evt' | 'aud' | 'msg' | 'crd' | 'pst' | 'exp' | 'req' | 'bat' | 'txt' | 'att' | 'inc' | 'dis' | 'cnf' | 'lnk' | 'cmp' | 'dcn' | 'nte' | 'pck' | 'alm' | 'day' | 'ord' | 'ntc' | 'cnv' | 'rct' | 'whk' | 'cli' | 'pky' | 'inq' | 'cns' | 'apl' | 'apd' | 'rmd' | 'rsv' | 'wrk' | 'snd' | 'rvl' | 'off' | 'int';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let lastTime = 0;
let lastRandom = 0n;
const RANDOM_BITS = 80n;
let steps: Buffer = Buffer.alloc(0);
let stepsTaken = 0;

/**
 * A new id such as `ref_01JD…`: prefix, then 26 characters of Crockford base 32 (48 bits of time in ms, 80 random bits).
 * Ids made by one process sort in the order in which they were made, which keeps B-tree inserts at the right edge.
 */
export function newId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  if (nowMs > lastTime) {
    lastTime = nowMs;
    lastRandom = BigInt(`0x${randomBytes(10).toString('hex')}`);
  } else {
    lastRandom = (lastRandom + 1n + BigInt(randomStep())) & ((1n << RANDOM_BITS) - 1n);
  }
  let value = (BigInt(lastTime) << RANDOM_BITS) | lastRandom;
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = (ALPHABET[Number(value & 31n)] as string) + text;
    value >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** A random byte; they are drawn in stock, because each drawing costs more than the rest of an id. */
function randomStep(): number {
  if (stepsTaken >= steps.length) [steps, stepsTaken] = [randomBytes(1024), 0];
  return steps[stepsTaken++] as number;
}

/** Whether a text from outside has the form of an id with this prefix. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.length === prefix.length + 27 && text.startsWith(`${prefix}_`) && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text.slice(prefix.length + 1));
}

/** When an id was made, as it tells itself (milliseconds). */
export function timeOfId(id: string): number {
  const digits = id.slice(id.indexOf('_') + 1);
  return [...digits.slice(0, 10)].reduce((time, digit) => time * 32 + ALPHABET.indexOf(digit), 0);
}
