import { AppError } from '../errors.ts';

/** Sizes of paper in points, and the frame of a printed page: what printers leave blank, and the strip for its mark at the foot. */
export type Paper = 'letter' | 'a4';
export const PAPERS: Readonly<Record<Paper, { readonly width: number; readonly height: number }>> = {
  letter: { width: 612, height: 792 }, a4: { width: 595.28, height: 841.89 },
};
export const FRAME = { side: 17, top: 17, bottom: 40 } as const;

export type Matrix = readonly [number, number, number, number, number, number];

/**
 * Where a page goes on the paper: upright as its reader sees it, lying pages turned, never enlarged, in the middle of the frame's
 * width and at its top. `turn`: by how many degrees clockwise the page is shown (its /Rotate).
 */
export function placedOn(paper: Paper, width: number, height: number, turn: number): Matrix {
  const { width: paperWidth, height: paperHeight } = PAPERS[paper];
  const shown = ((turn % 360) + 360) % 360;
  const isLying = (shown % 180 === 0 ? width > height : height > width);
  const whole = isLying ? (shown + 270) % 360 : shown;
  const [a, b, c, d, e, f] = turned(width, height, whole);
  const [wide, high] = whole % 180 === 0 ? [width, height] : [height, width];
  const frameWidth = paperWidth - 2 * FRAME.side;
  const frameHeight = paperHeight - FRAME.top - FRAME.bottom;
  const scale = Math.min(1, frameWidth / wide, frameHeight / high);
  const x = (paperWidth - wide * scale) / 2;
  const y = paperHeight - FRAME.top - high * scale;
  return [a * scale, b * scale, c * scale, d * scale, e * scale + x, f * scale + y];
}

/** Turns a box that begins at the origin clockwise, and back to the origin. */
function turned(width: number, height: number, degrees: number): Matrix {
  switch (degrees) {
    case 90: return [0, -1, 1, 0, 0, width];
    case 180: return [-1, 0, 0, -1, width, height];
    case 270: return [0, 1, -1, 0, height, 0];
    default: return [1, 0, 0, 1, 0, 0];
  }
}

export type PaperKind = 'pdf' | 'jpeg' | 'png';

/** What can be printed, told by its first bytes and never by its name; null for everything else. */
export function paperKind(bytes: Uint8Array): PaperKind | null {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  return head === '\x89PNG\r\n\x1a\n' ? 'png' : null;
}

const PIXELS_MAX = 60_000_000;

/** Refuses a PNG that would take more memory than a page is worth: it is inflated to be put into a PDF. */
export function refuseHugePng(bytes: Uint8Array, path: string): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length >= 24 && view.readUInt32BE(16) * view.readUInt32BE(20) <= PIXELS_MAX) return;
  throw new AppError('conflict', 'printing.unreadable', { findings: [{ code: 'printing.entry_too_large', severity: 'block', path }] });
}

const ORIENTATION_TAG = 0x0112;
const TURNS: Readonly<Record<number, number>> = { 3: 180, 6: 90, 8: 270 };

/** By how many degrees clockwise a photograph is to be shown (Exif orientation); 0 where it does not say. */
export function turnOfJpeg(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= view.length && view[at] === 0xff; at += 2 + view.readUInt16BE(at + 2)) {
    if (view[at + 1] === 0xda) return 0;
    if (view[at + 1] === 0xe1 && view.toString('latin1', at + 4, at + 10) === 'Exif\0\0') return TURNS[orientationAt(view.subarray(at + 10, at + 2 + view.readUInt16BE(at + 2)))] ?? 0;
  }
  return 0;
}

function orientationAt(tiff: Buffer): number {
  if (tiff.length < 14) return 0;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let index = 0; index < short(first); index += 1) {
    const at = first + 2 + index * 12;
    if (short(at) === ORIENTATION_TAG) return short(at + 8);
  }
  return 0;
}
