import { loadConfig } from '../../../src/platform/config.ts';
import { AppError } from '../../../src/platform/errors.ts';

function faults(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof AppError) return error.findings.map((finding) => `${finding.path}:${finding.code}`);
    throw error;
  }
  return [];
}

it('works from an empty environment', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ databaseUrl: null, port: 3000, agency: 'us-ca', language: 'en' });
  expect(config.dataDir).toMatch(/^\/.*\.puente$/);
  expect(Object.isFrozen(config)).toBe(true);
});

it('reports every fault at once', () => {
  expect(faults({ PORT: '70000', DATABASE_URL: 'mysql://x', PUENTE_LANGUAGE: 'fr', PUENTE_AGENCY: 'US CA' })).toEqual([
    'DATABASE_URL:config.value', 'PORT:config.value', 'PUENTE_AGENCY:config.value', 'PUENTE_LANGUAGE:config.value', 'PUENTE_KEYS:config.keys_required',
  ]);
});

it('wants keys with a database of the operator, and no owner without one', () => {
  expect(faults({ DATABASE_URL: 'postgres://app@db/puente' })).toEqual(['PUENTE_KEYS:config.keys_required']);
  expect(faults({ DATABASE_OWNER_URL: 'postgres://owner@db/puente' })).toEqual(['DATABASE_OWNER_URL:config.owner_without_database']);
});

it('takes port 0, which picks a free one', () => {
  expect(loadConfig({ PORT: '0' }).port).toBe(0);
});
