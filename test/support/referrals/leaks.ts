import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { readZip } from '../../../src/platform/asic/zip.ts';
import { inflatedBytes, readPdf } from './pdf-text.ts';

/** Everything readable in an output: `text` as a reader or a program gets it, `raw` as it stands once its streams are inflated. */
export interface Readable { readonly text: string; readonly raw: string }

/** What a file says anywhere: of a container each entry with its name, of a PDF pages, bookmarks, properties, structure, files inside, and every string. */
export async function readableIn(bytes: Buffer): Promise<Readable> {
  const start = bytes.subarray(0, 5).toString('latin1');
  if (start.startsWith('PK')) {
    const parts = await Promise.all(readZip(bytes).map(async ({ name, bytes: inner }) => ({ name, found: await readableIn(Buffer.from(inner)) })));
    return { text: parts.map(({ name, found }) => `${name}\n${found.text}`).join('\n'), raw: [bytes.toString('latin1'), ...parts.map(({ found }) => found.raw)].join('\n') };
  }
  if (start !== '%PDF-') return { text: bytes.toString('utf8'), raw: bytes.toString('latin1') };
  const { pages, info, metadata, attachments, outline } = await readPdf(bytes);
  const inflated = inflatedBytes(bytes).toString('latin1');
  const inner = await Promise.all([...attachments].map(async ([name, file]) => `${name}\n${(await readableIn(file)).text}`));
  return { text: [...pages, JSON.stringify(info), metadata, outline, await structureOf(bytes), ...stringsIn(inflated), ...inner].join('\n'), raw: inflated };
}

/** Alternative and actual texts, and the names of the roles. */
async function structureOf(bytes: Buffer): Promise<string> {
  const task = getDocument({ data: Uint8Array.from(bytes), useSystemFonts: false, verbosity: 0 });
  const document = await task.promise;
  const trees: unknown[] = [await document.getDestinations()];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    trees.push(await page.getStructTree(), await page.getAnnotations());
  }
  await task.destroy();
  return JSON.stringify(trees);
}

/** Texts that a PDF writes as UTF-16, in hexadecimal or as they are. */
function stringsIn(pdf: string): string[] {
  const utf16 = (bytes: Buffer): string => bytes.swap16().toString('utf16le');
  const hex = [...pdf.matchAll(/<FEFF([0-9A-F\s]+)>/giu)].map(([, digits = '']) => digits.replace(/\s/gu, '')).filter((digits) => digits.length % 4 === 0);
  const plain = [...pdf.matchAll(/\(\u00fe\u00ff((?:[^()\\]|\\.)*)\)/gsu)].map(([, text = '']) => text.replace(/\\(.)/gsu, '$1')).filter((text) => text.length % 2 === 0);
  return [...hex.map((digits) => utf16(Buffer.from(digits, 'hex'))), ...plain.map((text) => utf16(Buffer.from(text, 'latin1')))];
}

const squeezed = (text: string): string => text.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const MESES = ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'];

/** The ways in which a secret may be written: a day in each language, a number with and without its marks. */
function spellings(secret: string): string[] {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(secret) ?? [];
  if (year === undefined || month === undefined || day === undefined) return [secret];
  const at = Number(month) - 1;
  return [secret, `${MONTHS[at]} ${Number(day)}, ${year}`, `${Number(day)} de ${MESES[at]} de ${year}`, `${year}년 ${Number(month)}월 ${Number(day)}일`];
}

/** The names of the secrets that are said somewhere in an output. Short numbers count only where they stand alone. */
export function leaksIn(output: Readable, secrets: Readonly<Record<string, string>>): string[] {
  // Fonts and pictures are megabytes in which letters stand by chance: of them only plain letters are looked at.
  const [text, raw] = [squeezed(output.text), output.raw.toLowerCase().replace(/[^a-z0-9]+/gu, '')];
  const says = (secret: string): boolean => {
    const bare = squeezed(secret);
    if (/^\d+$/u.test(bare) && bare.length < 7) return new RegExp(`(?<![\\p{L}\\d])${bare}(?![\\p{L}\\d])`, 'u').test(output.text);
    return text.includes(bare) || (bare.length > 9 && /\p{L}{5}/u.test(bare) && raw.includes(bare));
  };
  return Object.entries(secrets).filter(([, secret]) => spellings(secret).some(says)).map(([name]) => name);
}
