import { readFileSync, readdirSync } from 'node:fs';
import { readBank } from './bank-files.ts';

/** Our own samples of every bank format, with the reading that stands beside each. */
const FOLDER = new URL('../../bank/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => !name.endsWith('.json'));

it.each(files)('%s is read as it stands beside it', async (name) => {
  const file = await readBank(readFileSync(new URL(name, FOLDER)), 53);
  const told: unknown = JSON.parse(JSON.stringify(file, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
  expect(told).toEqual(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));
});
