import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../../platform/errors.ts';
import type { Param } from '../../../../../platform/errors.ts';
import type { Workbook } from '../table.rules.ts';

/** A workbook, told by its first bytes and read in a thread whose memory and time are bounded. */

const HEAP_MB = 768;
const TIME_MS = 60_000;
const ZIP = '504b0304';
/** The container of the formats before 2007, and of workbooks locked with a password. */
const COMPOUND = 'd0cf11e0';

type Answer = { workbook: Workbook } | { refused: { code: string; params: Readonly<Record<string, Param>> } };

/** Whether bytes are a ZIP file: no text that anybody sends as a list begins so. @throws AppError `xlsx.old_or_locked` for the compound files of old. */
export function isPacked(head: Uint8Array): boolean {
  const mark = Buffer.from(head.subarray(0, 4)).toString('hex');
  if (mark === COMPOUND) throw new AppError('invalid', 'xlsx.old_or_locked');
  return mark === ZIP;
}

/** @throws AppError `xlsx.too_slow`, `xlsx.too_large`, and what `readWorkbook` refuses. */
export async function readXlsx(bytes: Uint8Array): Promise<Workbook> {
  const copy = new Uint8Array(bytes);
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), {
    workerData: copy, transferList: [copy.buffer], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }, execArgv: ['--no-warnings'],
  });
  let late: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      late = setTimeout(() => reject(new AppError('invalid', 'xlsx.too_slow', { params: { seconds: TIME_MS / 1_000 } })), TIME_MS);
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new AppError('invalid', 'xlsx.too_large', { cause: error }) : error));
      worker.once('exit', () => reject(new AppError('invalid', 'xlsx.too_large')));
    });
    if ('refused' in answer) throw new AppError('invalid', answer.refused.code, { params: answer.refused.params });
    return answer.workbook;
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}
