import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { Router } from 'express';
import type { RequestHandler } from 'express';

/** The compiled design system as its package ships it; the package has no entry for it that a resolver would find. */
const USWDS = new URL('../../node_modules/@uswds/uswds/dist/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.woff2': 'font/woff2',
};
const COMPRESSIBLE = new Set(['.css', '.js', '.svg']);
const A_YEAR = 'public, max-age=31536000, immutable';

interface Asset {
  type: string;
  plain: Buffer;
  gzip: Buffer | null;
  brotli: Buffer | null;
}

export interface Assets {
  router: Router;
  /** The address of an asset, with the digest of all of them in it: a new version of any has a new address. */
  href(path: string): string;
}

/** The parts of USWDS that our pages use, and the project's own style sheets, held in memory and compressed once. */
export function loadAssets(ownDirectory: URL): Assets {
  const assets = new Map<string, Asset>();
  const dist = fileURLToPath(USWDS);
  const sheet = asset(join(dist, 'css', 'uswds.min.css'));
  assets.set('css/uswds.min.css', sheet);
  for (const path of filesNamedIn(sheet.plain.toString())) assets.set(path, asset(join(dist, path)));
  const own = readdirSync(ownDirectory).sort();
  for (const file of own) {
    if (extname(file) in TYPES && extname(file) !== '.css') assets.set(`own/${file}`, asset(new URL(file, ownDirectory)));
  }
  assets.set('own/puente.css', held('.css', ownSheet(own.filter((file) => extname(file) === '.css'), ownDirectory)));
  const version = digestOf(assets);
  const router = Router();
  router.use(`/assets/${version}`, serve(assets));
  // Browsers ask for it where a page cannot name its icon: beside a PDF.
  router.get('/favicon.ico', (_req, res) => res.redirect(302, `/assets/${version}/own/puente.svg`));
  return { router, href: (path) => `/assets/${version}/${path}` };
}

/** Fonts and pictures that a style sheet in `css/` names, as paths below the folder above it. */
function filesNamedIn(sheet: string): string[] {
  const named = [...sheet.matchAll(/url\(["']?\.\.\/([\w./-]+)["']?\)/g)].map((match) => match[1] as string);
  return [...new Set(named)].filter((path) => extname(path) in TYPES);
}

/** The common sheet, then those of single areas: one request for all of them. */
function ownSheet(files: readonly string[], directory: URL): Buffer {
  const sheets = [...files].sort((a, b) => Number(b === 'puente.css') - Number(a === 'puente.css'));
  return Buffer.concat(sheets.map((file) => readFileSync(new URL(file, directory))));
}

function asset(path: string | URL): Asset {
  return held(extname(String(path)), readFileSync(path));
}

function held(extension: string, plain: Buffer): Asset {
  const isText = COMPRESSIBLE.has(extension) && plain.length > 1_000;
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    plain,
    gzip: isText ? gzipSync(plain) : null,
    brotli: isText ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) : null,
  };
}

function digestOf(assets: Map<string, Asset>): string {
  const hash = createHash('sha256');
  for (const [path, { plain }] of [...assets].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(path).update(plain);
  return hash.digest('hex').slice(0, 12);
}

function serve(assets: Map<string, Asset>): RequestHandler {
  return (req, res, next) => {
    const found = req.method === 'GET' || req.method === 'HEAD' ? assets.get(req.path.slice(1)) : undefined;
    if (!found) return next();
    res.set({ 'Cache-Control': A_YEAR, 'Content-Type': found.type, 'Vary': 'Accept-Encoding' });
    if (found.brotli && req.acceptsEncodings('br') === 'br') return void res.set('Content-Encoding', 'br').end(found.brotli);
    if (found.gzip && req.acceptsEncodings('gzip') === 'gzip') return void res.set('Content-Encoding', 'gzip').end(found.gzip);
    res.end(found.plain);
  };
}
