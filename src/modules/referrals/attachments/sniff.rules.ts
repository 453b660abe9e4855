export type SniffedType = 'pdf' | 'png' | 'jpeg' | 'tiff' | 'heic' | 'gif' | 'webp' | 'office' | 'zip' | 'html' | 'program' | 'unknown';

const MAGIC: readonly (readonly [type: SniffedType, at: number, bytes: string])[] = [
  ['pdf', 0, '%PDF-'], ['png', 0, '\x89PNG\r\n\x1a\n'], ['jpeg', 0, '\xff\xd8\xff'], ['tiff', 0, 'II*\0'], ['tiff', 0, 'MM\0*'],
  ['heic', 4, 'ftyphei'], ['heic', 4, 'ftypmif'], ['heic', 4, 'ftyphev'], ['heic', 4, 'ftypavif'], ['gif', 0, 'GIF8'], ['webp', 8, 'WEBP'],
  ['office', 0, '\xd0\xcf\x11\xe0'], ['zip', 0, 'PK\x03\x04'], ['program', 0, 'MZ'], ['program', 0, '\x7fELF'], ['program', 0, '#!'],
];

/** What a file is by its first bytes. Nothing that stands before a PDF's header is forgiven, unlike in most readers. */
export function sniff(bytes: Buffer): SniffedType {
  const head = bytes.toString('latin1', 0, 1024);
  const found = MAGIC.find(([, at, magic]) => head.startsWith(magic, at));
  if (found) return found[0] === 'zip' && /word\/|xl\/|ppt\/|mimetypeapplication\/vnd/.test(head) ? 'office' : found[0];
  return /^\s*<(!doctype|html|svg|\?xml|script)/i.test(head.replace(/^\xef\xbb\xbf/, '')) ? 'html' : 'unknown';
}

const EXTENSIONS: Readonly<Record<string, SniffedType>> = { pdf: 'pdf', png: 'png', jpg: 'jpeg', jpeg: 'jpeg', jpe: 'jpeg' };

/** What the file's name says that it is, or null where the name says nothing that we know. */
export function typeByName(fileName: string): SniffedType | null {
  return EXTENSIONS[/\.([a-z]{1,5})$/i.exec(fileName.trim())?.[1]?.toLowerCase() ?? ''] ?? null;
}

const ZIP_END_BYTES = 65_557;
const PDF_HEADER_BYTES = 1024;

/** Whether a reader of another kind would open the same bytes, too: a PDF behind a picture's head, an archive at the end of anything. */
export function isPolyglot(bytes: Buffer, type: SniffedType): boolean {
  const head = bytes.toString('latin1', 0, PDF_HEADER_BYTES);
  if (type !== 'pdf' && head.includes('%PDF-')) return true;
  if (type === 'pdf' && /<(html|script|svg)[\s>]/i.test(head)) return true;
  const tail = bytes.subarray(-ZIP_END_BYTES);
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  return end !== -1 && bytes.includes(Buffer.from('PK\x01\x02', 'latin1')) && end + 22 + tail.readUInt16LE(Math.min(end + 20, tail.length - 2)) <= tail.length;
}
