import { readFileSync, readdirSync } from 'node:fs';
import { decodeText } from '../../../src/modules/payments/formats/tables/text.rules.ts';
import { read } from './partner-files.ts';

const FOLDER = new URL('../../partners/', import.meta.url);
const files = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(new URL(`${name}/`, FOLDER)).filter((file) => file.endsWith('.csv')).map((file) => [name, file] as const));

/** Everything that was read, as text: amounts as minor units, digests left out. */
function reading(partnerId: string, bytes: Buffer): unknown {
  const { kind, dialect, lines, findings } = read(partnerId, bytes);
  const told = lines.map(({ contentKey: _, remainsKey: __, ...line }) => Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))));
  return JSON.parse(JSON.stringify({ encoding: decodeText(bytes).encoding, kind, delimiter: dialect.delimiter, headingLine: dialect.headingLine, lines: told, findings },
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

it.each(files)('%s/%s is read as it stands beside it', (partnerId, file) => {
  const beside = new URL(`${partnerId}/${file.replace(/\.csv$/, '.json')}`, FOLDER);
  const told = reading(partnerId, readFileSync(new URL(`${partnerId}/${file}`, FOLDER)));
  expect(told).toEqual(JSON.parse(readFileSync(beside, 'utf8')));
});
