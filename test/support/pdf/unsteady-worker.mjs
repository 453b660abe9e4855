// Stands for a process of the pool that dies: at every document named `ends`, and once per marker file at `ends once`.
import { existsSync, writeFileSync } from 'node:fs';

process.on('disconnect', () => process.exit(0));
process.on('message', ({ job }) => {
  if (job.main === 'hangs') return;
  if (job.main === 'ends') process.exit(1);
  if (job.main === 'ends once' && !existsSync(job.templates)) {
    writeFileSync(job.templates, '');
    process.exit(1);
  }
  process.send({ pdf: { bytes: Uint8Array.of(1, 2, 3), pages: process.pid, documents: [] } });
});
