import { Checker } from '../../../src/api/v1/check.ts';
import { loadDescription } from '../../../src/api/v1/description.ts';
import { HANDLERS } from '../../../src/api/v1/operations.ts';

const { operations } = loadDescription();

it('every operation is answered, and nothing else is', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(HANDLERS).sort());
});

it.each(operations.map((operation) => [operation.id, operation] as const))('%s: its schemas compile, it names its scopes or that it needs none, and every status of an error', (_id, operation) => {
  const checker = new Checker();
  for (const { schema } of Object.values(operation.body?.content ?? {})) {
    try {
      checker.body(schema, {});
    } catch (error) {
      expect((error as { code?: string }).code).toBe('api.request_invalid');
    }
  }
  for (const [status, content] of Object.entries(operation.responses)) {
    for (const [type] of Object.entries(content)) {
      const check = (): void => checker.answer(operation, status === 'default' ? status : Number(status), type, {});
      try {
        check();
      } catch (error) {
        expect((error as Error).message).toMatch(/answers (\d+|default) with what is not described/);
      }
    }
  }
  const statuses = Object.keys(operation.responses);
  if (operation.scopes !== null) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429']));
  if (operation.body) expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415', '422']));
  if (operation.path.includes(':')) expect(statuses).toContain('404');
});
