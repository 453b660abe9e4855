import type { WorkerAnswer } from './pool.ts';
import { renderPdf } from './render.ts';
import type { PdfJob, PdfStandard } from './render.ts';

// One process of the pool: sets what it is sent, and ends with the program that started it.
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  const { job, standard } = message as { job: PdfJob; standard: PdfStandard };
  let answer: WorkerAnswer;
  try {
    answer = { pdf: renderPdf(job, standard) };
  } catch (error) {
    answer = { fault: error instanceof Error ? error.message : 'fault: the document was not set' };
  }
  process.send?.(answer);
});
