import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { ReaderOptions } from 'zxing-wasm/reader';
import { picturesOf } from './pictures.ts';

const OPTIONS: ReaderOptions = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: false, tryDownscale: true, maxNumberOfSymbols: 8 };
const TEXTS_MAX = 16;

/** Reads the codes of a file that somebody outside has made: in a thread of its own, whose memory and time are bounded from outside. */
async function texts(bytes: Uint8Array): Promise<string[]> {
  // The program that comes with the library, from the disk: nothing is fetched.
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  await prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer }, fireImmediately: true });
  const found = new Set<string>();
  for await (const picture of picturesOf(bytes)) {
    for (const { isValid, text } of await readBarcodes(picture as never, OPTIONS)) if (isValid) found.add(text);
    if (found.size >= TEXTS_MAX) break;
  }
  return [...found].slice(0, TEXTS_MAX);
}

texts(workerData as Uint8Array).then((found) => parentPort?.postMessage(found), () => parentPort?.postMessage(null));
