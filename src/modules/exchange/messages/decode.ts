import { isUtf8 } from 'node:buffer';
import type { Finding } from '../../../platform/errors.ts';

export type MessageForm = 'xml' | 'json';

/** A message as text, and as UTF-8 whatever it came in. */
export interface Decoded {
  readonly form: MessageForm;
  readonly text: string;
  readonly utf8: Buffer;
}

const DECLARATION_CHARACTERS = 200;
/** As WHATWG has it: what says ISO-8859-1 means Windows-1252, and what says EUC-KR means the larger CP949. */
const ENCODINGS: ReadonlyMap<string, string> = new Map(Object.entries({
  'utf-8': 'utf-8', utf8: 'utf-8', 'us-ascii': 'utf-8', ascii: 'utf-8', 'windows-1252': 'windows-1252', cp1252: 'windows-1252', 'iso-8859-1': 'windows-1252', latin1: 'windows-1252',
  'euc-kr': 'euc-kr', cp949: 'euc-kr', uhc: 'euc-kr', 'windows-949': 'euc-kr', 'ks_c_5601-1987': 'euc-kr', 'utf-16': 'utf-16', 'utf-16le': 'utf-16', 'utf-16be': 'utf-16',
}));
// What stands for no character in Windows-1252, though a decoder lets it pass.
const UNDEFINED_1252 = /[\u0081\u008d\u008f\u0090\u009d]/;
const DECLARATION = /^<\?xml\s[^>]{0,180}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,100}\?>/;

const fault = (code: string, expected: string, line?: number): Finding => ({ code, severity: 'block', ...(line === undefined ? {} : { line }), params: { expected } });
const EXPECTED = 'UTF-8 | UTF-16 | windows-1252 | euc-kr';

export const lineAt = (text: string, index: number): number => {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
};

/**
 * Reads bytes as what they say they are: by their byte order mark, the charset of the media type, the XML declaration, which may not contradict each
 * other; else as UTF-8. Nothing is guessed, and nothing that is no character is let pass.
 */
export function decode(bytes: Uint8Array, mediaType: string | undefined): Decoded | Finding {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = wideEncoding(buffer);
  const head = wide === null ? buffer.toString('latin1', 0, DECLARATION_CHARACTERS * 2).replace(/^\xef\xbb\xbf/, '').trimStart() : '';
  const declared = DECLARATION.exec(head)?.[1]?.toLowerCase();
  // What is declared in another way than usual would be read by the parser and not by us.
  if (head.startsWith('<?xml') && declared === undefined && /\bencoding\b/.test(head.includes('?>') ? head.slice(0, head.indexOf('?>')) : 'encoding')) return fault('message.encoding', EXPECTED);
  const charset = /;\s*charset\s*=\s*"?([A-Za-z0-9._-]{1,40})/i.exec(mediaType?.slice(0, 200) ?? '')?.[1]?.toLowerCase();
  const stated = wide ?? statedEncoding(buffer, charset, declared);
  if (stated === null) return fault('message.encoding', EXPECTED);
  const text = stated === 'utf-8' ? utf8Of(buffer) : textOf(buffer, stated);
  return typeof text === 'string' ? inForm(text, stated === 'utf-8' && (declared === undefined || ENCODINGS.get(declared) === 'utf-8') ? buffer : null) : text;
}

/** What the sender says of eight-bit bytes, in up to three places: where these differ, or the bytes are plainly something else, nobody can tell. */
function statedEncoding(buffer: Buffer, charset: string | undefined, declared: string | undefined): string | null {
  const said = [...(hasMark(buffer) ? ['utf-8'] : []), ...[charset, declared].filter((one) => one !== undefined).map((one) => ENCODINGS.get(one) ?? null)];
  const [first = 'utf-8'] = said;
  if (first === null || first === 'utf-16' || said.some((one) => one !== first)) return null;
  return first !== 'utf-8' && isUtf8(buffer) && buffer.some((byte) => byte > 0x7f) ? null : first;
}

const hasMark = (buffer: Buffer): boolean => buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;

/** Two bytes a character, by the mark or by the zero beside the first sign. */
function wideEncoding(buffer: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = [buffer[0], buffer[1]];
  if ((first === 0xff && second === 0xfe) || ((first === 0x3c || first === 0x7b) && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && (second === 0x3c || second === 0x7b)) ? 'utf-16be' : null;
}

function utf8Of(buffer: Buffer): string | Finding {
  const text = buffer.toString('utf8').replace(/^\uFEFF/, '');
  // In a text of 8 bits that says nothing of itself, the first letter with an accent stands on this line.
  return isUtf8(buffer) ? text : fault('message.not_utf8', EXPECTED, lineAt(text, text.indexOf('\uFFFD')));
}

function textOf(buffer: Buffer, encoding: string): string | Finding {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(buffer);
  } catch {
    return fault('message.encoding', encoding);
  }
  const wrong = encoding === 'windows-1252' ? text.search(UNDEFINED_1252) : -1;
  return wrong === -1 ? text : fault('message.encoding', encoding, lineAt(text, wrong));
}

function inForm(text: string, asItCame: Buffer | null): Decoded | Finding {
  const zero = text.indexOf('\0');
  if (zero !== -1) return fault('message.control_character', 'text', lineAt(text, zero));
  const first = text.trimStart().slice(0, 1);
  if (first === '{') return { form: 'json', text, utf8: asItCame ?? Buffer.from(text, 'utf8') };
  if (first !== '<') return fault('message.not_a_message', 'XML | JSON');
  // What the declaration says of the encoding is true no more; its lines stay, so that findings tell the right ones.
  const plain = asItCame ? text : text.replace(/^<\?xml\s[^>]{0,400}\?>/, (declaration) => '\n'.repeat(declaration.split('\n').length - 1));
  return { form: 'xml', text: plain, utf8: asItCame ?? Buffer.from(plain, 'utf8') };
}
