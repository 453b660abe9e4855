// Makes a world and writes it into a directory, in a process of its own, so that the measured one carries nothing of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/demo/random.ts';
import { makeWorld } from './payment-world.ts';

const [directory, cases, lines, seed, noise] = process.argv.slice(2) as [string, string, string, string, string];
const world = makeWorld(seededRandom(Number(seed)), { cases: Number(cases), lines: Number(lines), noise: Number(noise) });
const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
write('cases.ndjson', world.extract);
write('disbursements.csv', world.register);
write('bank.xml', world.bank);
for (const file of world.files) write(file.name, file.text);
write('truth.json', JSON.stringify([...world.truth]));
write('manifest.json', JSON.stringify(world.files.map(({ name, partner }) => ({ name, partner }))));
