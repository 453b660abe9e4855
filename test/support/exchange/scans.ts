import { deflateSync } from 'node:zlib';
import { PDFDocument, degrees } from 'pdf-lib';
import { encode } from 'uqr';
import { pngChunk } from '../referrals/paper-files.ts';

const MODULE = 6;
const [WIDTH, HEIGHT] = [1_240, 1_754];

/** Grey pixels of an A4 page with a QR code on it (and specks, as a scanner leaves them). */
function pixelsOf(text: string): Buffer {
  const { size, data } = encode(text, { ecc: 'Q', border: 4 });
  const rows = Buffer.alloc(HEIGHT * (WIDTH + 1), 0xf4);
  for (let y = 0; y < HEIGHT; y++) rows[y * (WIDTH + 1)] = 0;
  for (let y = 0; y < size * MODULE; y++) {
    for (let x = 0; x < size * MODULE; x++) {
      if (data[Math.floor(y / MODULE)]?.[Math.floor(x / MODULE)]) rows[(y + 150) * (WIDTH + 1) + 1 + x + 120] = 0x28;
    }
  }
  for (let speck = 0; speck < 2_000; speck++) rows[((speck * 7_919) % HEIGHT) * (WIDTH + 1) + 1 + ((speck * 104_729) % WIDTH)] = 0x60;
  return rows;
}

/** A page with a QR code, as a scanner gives it: PNG. */
export function aScan(text: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header[8] = 8;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(pixelsOf(text))), pngChunk('IEND', Buffer.alloc(0))]);
}

/** The same pages in a PDF, one of them on its head. */
export async function aScannedPdf(texts: readonly string[]): Promise<Buffer> {
  const document = await PDFDocument.create();
  for (const text of texts) {
    const image = await document.embedPng(Uint8Array.from(aScan(text)));
    const page = document.addPage([595, 842]);
    page.drawImage(image, { x: 595, y: 842, width: 595, height: 842, rotate: degrees(180) });
  }
  return Buffer.from(await document.save());
}
