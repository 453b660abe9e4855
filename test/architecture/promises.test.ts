import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

const read = (file: string) => readFileSync(file, 'utf8');

it('only config.ts reads the environment', () => {
  const readers = sources('src').filter((file) => file !== 'src/platform/config.ts' && /process\.env\b/.test(read(file)));
  expect(readers).toEqual([]);
});

it('carries no skipped, focused or empty test', () => {
  const marks = /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/;
  const found = sources('test').filter((file) => !file.endsWith('promises.test.ts') && marks.test(read(file)));
  expect(found).toEqual([]);
});

it('mocks nothing of its own', () => {
  const found = sources('test').filter((file) => !file.endsWith('promises.test.ts') && /jest\.(unstable_)?mock(Module)?\(/.test(read(file)));
  expect(found).toEqual([]);
});

it('every module and only a listed module has a front door and a README', () => {
  for (const module of readdirSync('src/modules')) {
    expect(readdirSync(`src/modules/${module}`)).toEqual(expect.arrayContaining(['index.ts', 'README.md']));
  }
});

it('the lock file names no download address', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
});
