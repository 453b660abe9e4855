/**
 * What a file is, by its content: a message in one of its two forms, a sealed packet, a signed receipt, a table of payments, papers that were scanned;
 * or `unknown`, which is kept and refused.
 */
export type ArrivalKind = 'message' | 'packet' | 'receipt' | 'list' | 'paper' | 'unknown';

/** What is looked at to tell what a file is. */
export const HEAD_BYTES = 64 * 1024;

/** CMS SignedData, as DER or BER has its beginning (one to four bytes of length), or its armour (RFC 7468). */
const SIGNED = /^0(?:[^\u0080-\u00ff]|\u0080|[\u0081-\u0084][^]{1,4}?)\u0006\u0009\u002a\u0086\u0048\u0086\u00f7\u000d\u0001\u0007\u0002/;
const ARMOURED = /^-----BEGIN (?:CMS|PKCS7)-----/;
const SEPARATORS = /[,;\t|]/;

/** `tail` is the end of the file, where a ZIP has its list of contents. */
export function recognise(head: Buffer, tail: Buffer): ArrivalKind {
  const start = head.toString('latin1', 0, 400);
  if (start.startsWith('PK\u0003\u0004')) return recogniseZip(head, tail);
  if (start.startsWith('%PDF-') || start.startsWith('\u00ff\u00d8\u00ff') || start.startsWith('\u0089PNG\r\n') || /^(II\*\0|MM\0\*)/.test(start)) return 'paper';
  if (SIGNED.test(start) || ARMOURED.test(start)) return 'receipt';
  // In two bytes a letter it is XML or JSON, too, and is refused as such by whoever reads it.
  if (/^(\u00fe\u00ff|\u00ff\u00fe)?\0?[<{]/.test(start)) return 'message';
  const text = start.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (text.startsWith('<') || text.startsWith('{')) return 'message';
  return isTable(head) ? 'list' : 'unknown';
}

function recogniseZip(head: Buffer, tail: Buffer): ArrivalKind {
  const nameLength = head.length >= 30 ? head.readUInt16LE(26) : 0;
  const first = head.toString('latin1', 30, 30 + nameLength);
  if (first === 'mimetype') return 'packet';
  if (tail.includes('xl/workbook.xml')) return 'list';
  // A container whose first entry is not what it must be is refused by whoever reads containers, with the reason.
  return tail.includes('META-INF/') ? 'packet' : 'unknown';
}

/** Text in lines, whose first ones have something between their columns. */
function isTable(head: Buffer): boolean {
  if (head.includes(0)) return false;
  const lines = head.toString('latin1').split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.slice(0, 20).some((line) => SEPARATORS.test(line)) && !/[\u0001-\u0008\u000e-\u001f]/.test(head.toString('latin1'));
}
