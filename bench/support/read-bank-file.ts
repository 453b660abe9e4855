// Reads a bank file in a process of its own, so that what is measured carries nothing else: entries, CPU seconds, peak memory.
import { createReadStream } from 'node:fs';
import { readBankFile } from '../../src/modules/payments/formats/bank-file.ts';

let entries = 0;
const start = performance.now();
const file = await readBankFile(createReadStream(process.argv[2] as string), async (batch) => { entries += batch.length; });
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({
  entries, statements: file.statements.length, findings: file.findings.length, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6,
  memoryMb: process.resourceUsage().maxRSS / 1024,
}));
