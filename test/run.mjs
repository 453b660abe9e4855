// Runs every suite on the pinned Node and ends with one line over all of them: "N passed, N failed".
// `node test/run.mjs [paths]` hands paths to jest; `--no-browser` leaves the browser suite out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const pinned = join(root, 'node_modules/node/bin/node');
const node = Number(process.versions.node.split('.')[0]) >= 24 || !existsSync(pinned) ? process.execPath : pinned;
const given = process.argv.slice(2);
const wantsBrowser = !given.includes('--no-browser');
const paths = given.filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(join(tmpdir(), 'puente-test-'));
const totals = { passed: 0, failed: 0 };

function runJest(name, ...options) {
  const report = join(scratch, `${name}.json`);
  const { status } = spawnSync(node, ['--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...options, ...paths],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: process.env });
  if (!existsSync(report)) {
    process.stdout.write(`${name}: jest ended with status ${status} and wrote no report\n`);
    totals.failed += 1;
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  // A file that cannot even be loaded has no tests of its own to fail, yet it must not pass silently.
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (status !== 0 && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) totals.failed += 1;
}

runJest('main');
if (wantsBrowser && existsSync(join(root, 'test/browser'))) {
  const { ensureChromium } = await import('./browser/ensure-chromium.mjs');
  const chromium = ensureChromium();
  if (chromium.path) runJest('browser', '--config', 'jest.browser.config.mjs');
  else {
    process.stdout.write(`Browser tests were not run: ${chromium.reason}\n`);
    if (process.env.CI) totals.failed += 1;
  }
}
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
