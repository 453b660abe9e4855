import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Pages load from this server alone, run no inline script, submit to this server alone and stand in no frame. */
const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'"],
  manifestSrc: ["'none'"],
  objectSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
};

export function securityHeaders(): RequestHandler {
  const common = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
    // "no-referrer" would make browsers send "Origin: null" with our own forms, and the Origin check would refuse them.
    referrerPolicy: { policy: 'same-origin' },
    // Sent only over HTTPS, below: over plain HTTP browsers must ignore it, and on localhost it would do harm.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
  });
  return (req, res, next) => {
    res.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    if (req.secure) res.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    common(req, res, next);
  };
}

/** For a PDF shown by the browser's own viewer, which "object-src 'none'" would block in some of them. */
export const DOCUMENT_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
