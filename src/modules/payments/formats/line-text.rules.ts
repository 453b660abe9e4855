/** Lines of bank files in no declared encoding: bytes as characters come in, text goes out. Each line is UTF-8 (RFC 3629) or else Windows-1252. */

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN = new TextDecoder('windows-1252');
const OTHER = /[\u0080-\u00ff]/;

export function lineText(bytes: string): string {
  if (!OTHER.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  try {
    return UTF8.decode(buffer);
  } catch {
    return LATIN.decode(buffer);
  }
}
