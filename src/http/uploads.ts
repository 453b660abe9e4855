import busboy from 'busboy';
import type { Request, RequestHandler } from 'express';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { AppError } from '../platform/errors.ts';

declare module 'express-serve-static-core' {
  interface Request {
    /** The file of a form, as it is still coming in: nobody has read it, and whoever refuses the form need not. */
    upload?: { readonly field: string; readonly fileName: string; readonly source: Readable };
  }
}

/** 10,000 characters, of up to four bytes each. */
const FIELD_BYTES_MAX = 40_000;
/** The longest form with a file asks for six dates, each of three fields, or offers fifty papers to tick. */
const FIELDS_MAX = 80;

/**
 * Forms with a file. The fields before the file are read, and the request goes on as soon as the file begins: so the form's token
 * is checked, and everything else that can be refused is, before a byte of the file is kept. Fields behind the file do not count.
 */
export function uploads(): RequestHandler {
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) return next();
    let isHandedOn = false;
    const handOn = (error?: unknown): void => {
      if (isHandedOn) return;
      isHandedOn = true;
      if (error === undefined) next();
      else next(error);
    };
    const body: Record<string, string | string[]> = {};
    const parser = parserOf(req);
    parser.on('field', (name, value, { valueTruncated, nameTruncated }) => {
      if (valueTruncated || nameTruncated) handOn(unreadable());
      else if (!isHandedOn) addField(body, name, value);
    });
    parser.on('file', (field, source, { filename }) => {
      // Whoever reads the file hears of its faults; until then nobody does, and they must not end the process.
      source.on('error', () => undefined);
      // A browser reads the answer only when it has sent everything: what nobody wants is let through to nowhere.
      res.on('finish', () => source.resume());
      req.body = body;
      req.upload = { field, fileName: typeof filename === 'string' ? filename : '', source };
      handOn();
    });
    parser.on('partsLimit', () => handOn(unreadable())).on('fieldsLimit', () => handOn(unreadable()));
    pipeline(req, parser, (error) => {
      req.body ??= body;
      handOn(error ? unreadable(error) : undefined);
    });
  };
}

/** A name that stands several times, such as a group of checkboxes, keeps them all, as forms without a file do; the number of fields is bounded. */
function addField(body: Record<string, string | string[]>, name: string, value: string): void {
  const before = Object.hasOwn(body, name) ? body[name] : undefined;
  const all = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  // A field may be called `__proto__`.
  Object.defineProperty(body, name, { value: all, enumerable: true, configurable: true, writable: true });
}

const unreadable = (cause?: unknown): AppError => new AppError('invalid', 'web.unreadable_form', { cause });

function parserOf(req: Request): busboy.Busboy {
  try {
    return busboy({ headers: req.headers, defParamCharset: 'utf8', limits: { fieldNameSize: 100, fieldSize: FIELD_BYTES_MAX, fields: FIELDS_MAX, files: 1, parts: FIELDS_MAX + 1 } });
  } catch (cause) {
    throw unreadable(cause);
  }
}
