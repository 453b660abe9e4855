import { Worker } from 'node:worker_threads';

const BYTES_MAX = 60 * 1024 * 1024;
const TIME_MS = 20_000;
const MEMORY_MB = 512;
const TEXT_MAX = 500;

let last: Promise<unknown> = Promise.resolve();

/**
 * What the QR codes of a scanned file say (JPEG, PNG, or the pictures in a PDF), as far as they can be read. Whatever the file is, this ends
 * in time, within bounded memory, and one file after the other; nothing it says is more than a proposal.
 */
export async function readCodes(bytes: Uint8Array): Promise<string[]> {
  if (bytes.length === 0 || bytes.length > BYTES_MAX) return [];
  const mine = last.then(() => inThread(bytes));
  last = mine.catch(() => undefined);
  return mine;
}

function inThread(bytes: Uint8Array): Promise<string[]> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./code-worker.ts', import.meta.url), {
      workerData: Uint8Array.from(bytes), resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }, env: {}, stdout: true, stderr: true,
    });
    const end = (texts: string[]): void => {
      clearTimeout(timer);
      resolve(texts);
      void worker.terminate();
    };
    const timer = setTimeout(() => end([]), TIME_MS);
    worker.once('message', (found: string[] | null) => end((found ?? []).filter((text) => text.length <= TEXT_MAX)));
    worker.once('error', () => end([]));
    worker.once('exit', () => end([]));
  });
}
