import compression from 'compression';
import type { RequestHandler } from 'express';

/** Where a request comes from that no other site has caused. */
const OWN = new Set(['same-origin', 'none']);

/**
 * Compresses pages on their way, for slow lines; only of requests that no other site can have caused. Pages hold secrets beside what
 * the visitor typed, and whoever can make a browser ask again and again with chosen words reads them off the length (BREACH).
 * That takes requests from another site; browsers say so (Fetch Metadata, `Sec-Fetch-Site`), and what says nothing goes uncompressed.
 */
export function compressPages(): RequestHandler {
  return compression({
    threshold: 1_024,
    filter: (req, res) => OWN.has(String(req.headers['sec-fetch-site'] ?? '')) && String(res.getHeader('Content-Type') ?? '').startsWith('text/html'),
  });
}
