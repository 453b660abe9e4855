import { crc32, deflateSync } from 'node:zlib';

/** A picture as the library draws it: one byte for each dot (grey) or four (red, green, blue, nothing). */
export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const [GREY, RGB] = [0, 2];

/** Sixteen shades are enough for letters, and make a page of text some 60 kB. */
export function greyPng({ width, height, data }: Drawn): Buffer {
  const row = Math.ceil(width / 2) + 1;
  const out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const shade = Math.round((data[y * width + x] ?? 255) / 17);
      const at = y * row + 1 + (x >> 1);
      out[at] = (out[at] ?? 0) | (x % 2 === 0 ? shade << 4 : shade);
    }
  }
  return png({ width, height, depth: 4, kind: GREY }, out);
}

/** Photographs in 32 shades of each colour; each dot as the difference to the one before, which packs better. */
export function colourPng({ width, height, data }: Drawn): Buffer {
  const row = width * 3 + 1;
  const out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    out[y * row] = 1;
    for (let x = 0; x < width; x += 1) {
      for (let colour = 0; colour < 3; colour += 1) {
        const at = (y * width + x) * 4 + colour;
        const before = x === 0 ? 0 : fewer(data[at - 4]);
        out[y * row + 1 + x * 3 + colour] = (fewer(data[at]) - before) & 0xff;
      }
    }
  }
  return png({ width, height, depth: 8, kind: RGB }, out);
}

const fewer = (value = 255): number => Math.round(Math.round(value / 255 * 31) / 31 * 255);

function png({ width, height, depth, kind }: { width: number; height: number; depth: number; kind: number }, rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = depth;
  head[9] = kind;
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
