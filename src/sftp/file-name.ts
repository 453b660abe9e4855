import iconv from 'iconv-lite';

/** A file name as text: UTF-8 as it should be, else as Windows of Korea (CP949) or of the West writes it. Names are shown, never opened. */
export function fileNameOf(name: string): string {
  const bytes = Buffer.from(name, 'latin1');
  const text = utf8(bytes) ?? cp949(bytes) ?? iconv.decode(bytes, 'windows-1252');
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '').normalize('NFC') || 'unnamed';
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Only where every letter beyond ASCII is Hangul: most other bytes could be read as some character of it, too. */
function cp949(bytes: Buffer): string | null {
  const text = iconv.decode(bytes, 'cp949');
  return /^[\x20-\x7e\uac00-\ud7a3\u3131-\u318e]*$/u.test(text) ? text : null;
}
