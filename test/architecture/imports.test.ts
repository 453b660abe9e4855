import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

it('imports point one way: edges, modules in their order, platform', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--config', 'test/architecture/dependency-cruiser.cjs', '--output-type', 'err', 'src'], { maxBuffer: 1 << 24 })
    .catch((error: { stdout: string }) => ({ stdout: error.stdout }));
  expect(stdout).toMatch(/no dependency violations found/);
});
