import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../../../../platform/errors.ts';
import { readWorkbook } from './workbook.ts';

/** Reads one workbook in a thread of its own, so that a hostile one costs neither the memory nor the time of anybody else. */

try {
  parentPort?.postMessage({ workbook: await readWorkbook(Buffer.from(workerData as Uint8Array)) });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  parentPort?.postMessage({ refused: { code: error.code, params: error.params } });
}
