import { readFileSync } from 'node:fs';
import { METHODS, REGISTER_COLUMNS } from '../../../src/modules/payments/formats/tables/register.rules.ts';

it('publishes the columns of the register as the program reads them', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../schemas/csv/disbursement-register.v1.json', import.meta.url), 'utf8')) as { columns: { name: string; type: string }[] };
  expect(schema.columns.map((column) => column.name)).toEqual([...REGISTER_COLUMNS]);
  expect(schema.columns.find((column) => column.name === 'method')?.type).toBe(METHODS.join(' | '));
});
