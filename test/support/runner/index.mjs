// Jest's test runner for files that Node itself loads: no virtual machine of their own, types stripped by Node, packages
// loaded once in a worker. What is ours (src, test, migrations) is loaded anew for every test file, so that nothing a file
// leaves in a module's state reaches the next (fresh-modules.mjs). Everything else – describe, it, hooks, expect,
// time-outs, reports – is jest-circus, unchanged.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freshModules } from './fresh-modules.mjs';

const require = createRequire(import.meta.url);
const CIRCUS = join(dirname(require.resolve('jest-circus/package.json')), 'build/jestAdapterInit.js');
/** Where jest-circus keeps what listens to its events; each file begins with none. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');

export default async function runFile(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  delete require.cache[CIRCUS];
  globalThis[HANDLERS] = undefined;
  const { initialize, runAndTransformResultsToJestFormat } = require(CIRCUS);
  const before = { ...process.env };
  const { snapshotState } = await initialize({
    config, globalConfig, runtime, testPath, sendMessageToJest,
    environment: { global: globalThis }, localRequire: require, parentProcess: process, setGlobalsForRuntime: () => {},
  });
  globalThis.console = environment.global.console;
  Error.prepareStackTrace = plainStack;
  const begin = freshModules(config.rootDir);
  for (const path of config.setupFilesAfterEnv) await import(begin(pathToFileURL(path).href));
  await import(begin(pathToFileURL(testPath).href));
  const results = await runAndTransformResultsToJestFormat({ config, globalConfig, setupAfterEnvPerfStats: {}, testPath });
  snapshotState.save();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  return results;
}

/** As Node writes it, with paths as they are on disk, so that jest finds the line and shows it. */
function plainStack(error, frames) {
  return [String(error), ...frames.map((frame) => `    at ${String(frame).replaceAll(/file:\/\/([^?:)]+)(?:\?file=\d+)?/gu, '$1')}`)].join('\n');
}
