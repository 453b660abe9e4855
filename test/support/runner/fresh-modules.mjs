// Hooks of Node's module loader: a module of ours carries the number of the test file that asked for it, so that each test
// file has its own copies. Types are stripped once for all of them.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const sources = new Map();
let number = 0;
let ours = null;

/** Begins a test file; gives the address of a module as this file sees it. */
export function freshModules(rootDir) {
  if (ours === null) {
    ours = pathToFileURL(`${rootDir}/`).href;
    registerHooks({ resolve, load });
  }
  number += 1;
  return numbered;
}

function numbered(url) {
  if (!url.startsWith(ours) || url.includes('/node_modules/') || url.includes('/support/runner/') || url.includes('?')) return url;
  return `${url}?file=${number}`;
}

function resolve(specifier, context, next) {
  const found = next(specifier, context);
  return { ...found, url: numbered(found.url) };
}

function load(url, context, next) {
  if (!url.includes('?file=') || !/\.ts\?/u.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  let source = sources.get(path);
  if (source === undefined) {
    source = stripTypeScriptTypes(readFileSync(path, 'utf8'));
    sources.set(path, source);
  }
  return { format: 'module', source, shortCircuit: true };
}
