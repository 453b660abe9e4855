import { readFileSync } from 'node:fs';
import { Router } from 'express';
import type { Limits } from './limits.ts';

const PACKAGE = new URL('../../../node_modules/swagger-ui-dist/', import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8', 'swagger-ui-bundle.js': 'text/javascript; charset=utf-8', 'favicon-32x32.png': 'image/png',
};
/** Relative, so that the page works under whatever prefix a proxy gives it. */
const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Puente partner API</title>
<link rel="stylesheet" href="swagger-ui.css"><link rel="icon" href="favicon-32x32.png"></head>
<body><div id="swagger-ui"></div><noscript><p><a href="../openapi.yaml">openapi.yaml</a></p></noscript>
<script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body>
</html>
`;
const START = `window.ui = SwaggerUIBundle({ url: '../openapi.yaml', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout' });\n`;
const A_DAY = 'public, max-age=86400';

/** Swagger UI from its own package: nothing is fetched from anywhere else, and no script stands in the page. */
export function docs(limits: Limits): Router {
  const kept = new Map<string, Buffer>();
  const router = Router({ strict: true });
  router.use((req, _res, next) => {
    limits.countStranger(req);
    next();
  });
  router.get('/', (req, res) => {
    if (!req.originalUrl.split('?')[0]?.endsWith('/')) return res.redirect(308, `${req.baseUrl}/`);
    res.type('html').send(PAGE);
  });
  router.get('/start.js', (_req, res) => void res.type('text/javascript').send(START));
  router.get('/:file', (req, res, next) => {
    const { file } = req.params;
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (type === undefined) return next();
    let bytes = kept.get(file);
    if (!bytes) kept.set(file, bytes = readFileSync(new URL(file, PACKAGE)));
    res.set({ 'Content-Type': type, 'Cache-Control': A_DAY }).end(bytes);
  });
  return router;
}
