import { parentPort, workerData } from 'node:worker_threads';
import { tableOf } from '../read-table.ts';
import { lookThrough, refusedLook } from './look.ts';
import type { ListKnown, Look } from './look.ts';

/** Reads one list in a thread of its own: a quarter of a million lines take seconds, and nobody else waits for them. */
const { bytes, known } = workerData as { bytes: Uint8Array; known: ListKnown };

async function look(): Promise<Look> {
  try {
    return lookThrough(await tableOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)), known);
  } catch (error) {
    return refusedLook(error);
  }
}

parentPort?.postMessage(await look());
