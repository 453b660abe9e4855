import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { AppError } from '../../platform/errors.ts';
import type { Ctx } from '../../platform/context.ts';
import type { Answer, FileContent } from './answer.ts';
import type { Checker } from './check.ts';
import type { Operation } from './description.ts';
import { etagOfBytes } from './resources/published.ts';

/** Checks an answer against the description, then sends it: as a whole, in part, or only that nothing has changed. */
export async function send(ground: Pick<Ctx, 'log'>, checker: Checker, operation: Operation, answer: Answer, req: Request, res: Response): Promise<void> {
  const { status = 200, content } = answer;
  res.set({ 'Vary': 'Accept-Language', ...answer.headers });
  if (!content) {
    checker.answer(operation, status, null, undefined);
    await answer.beforeSent?.();
    return void res.status(status).end();
  }
  if ('open' in content) return sendFile(ground, checker, operation, { ...answer, content }, req, res);
  const bytes = 'json' in content ? Buffer.from(JSON.stringify(content.json)) : content.bytes;
  checker.answer(operation, status, content.type, 'json' in content ? content.json : content.type === 'application/json' ? JSON.parse(Buffer.from(bytes).toString('utf8')) : undefined);
  res.set('Content-Type', charsetOf(content.type));
  if ('bytes' in content && content.fileName !== undefined) res.set('Content-Disposition', disposition(content.fileName));
  if (operation.method === 'get' && isUnchanged(req, res, etagOfBytes(bytes))) return;
  if (req.method !== 'HEAD') await answer.beforeSent?.();
  res.status(status).set('Content-Length', String(bytes.length)).end(bytes);
}

const charsetOf = (type: string): string => (type.startsWith('text/') || type === 'application/yaml' ? `${type}; charset=utf-8` : type);
const disposition = (fileName: string): string => `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`;

/** Answers 304 where the caller names what it has. */
function isUnchanged(req: Request, res: Response, etag: string): boolean {
  res.set('ETag', `"${etag}"`);
  const known = (req.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (!known.includes(`"${etag}"`) && !known.includes('*')) return false;
  res.removeHeader('Content-Type');
  res.removeHeader('Content-Disposition');
  res.status(304).end();
  return true;
}

async function sendFile(ground: Pick<Ctx, 'log'>, checker: Checker, operation: Operation, answer: Answer & { content: FileContent }, req: Request, res: Response): Promise<void> {
  const { content } = answer;
  res.set({ 'Accept-Ranges': 'bytes', 'Content-Type': content.type, 'Content-Disposition': disposition(content.fileName) });
  if (isUnchanged(req, res, content.etag)) return;
  const range = rangeOf(req, content);
  if (range === 'beyond') throw new AppError('invalid', 'api.range', { params: { size: content.size } });
  const { from, to } = range ?? { from: 0, to: content.size - 1 };
  const status = range ? 206 : 200;
  checker.answer(operation, status, content.type, undefined);
  const source = req.method === 'HEAD' ? null : await content.open({ from, to });
  if (range) res.set('Content-Range', `bytes ${from}-${to}/${content.size}`);
  res.status(status).set('Content-Length', String(to - from + 1));
  if (source === null) return void res.end();
  try {
    await pipeline(Readable.from(heldBack(source, to === content.size - 1 ? answer.beforeSent : undefined), { objectMode: false }), res);
  } catch (error) {
    // The caller went away, or the bytes did not hold: the connection ends before the announced length, so nobody takes it for whole.
    ground.log.info({ requestId: req.requestId, err: error }, 'download ended early');
    res.destroy();
  }
}

/** One range of bytes (RFC 9110, 14); what is none of ours to understand is answered with the whole. */
export function rangeOf(req: Pick<Request, 'get'>, { size, etag }: Pick<FileContent, 'size' | 'etag'>): { from: number; to: number } | 'beyond' | null {
  const header = req.get('range');
  const condition = req.get('if-range');
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '') || (condition !== undefined && condition !== `"${etag}"`)) return null;
  const [first, last] = [match[1] as string, match[2] as string];
  if (first === '') return Number(last) === 0 || size === 0 ? 'beyond' : { from: Math.max(0, size - Number(last)), to: size - 1 };
  const [from, to] = [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  if (last !== '' && Number(last) < from) return null;
  return from >= size ? 'beyond' : { from, to };
}

/** The last bytes wait until the source has ended well, so that a file that was tampered with never looks whole, and until what they prove is written down. */
async function* heldBack(source: Readable, beforeLast?: () => Promise<void>): AsyncGenerator<Buffer> {
  let waiting: Buffer | null = null;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (waiting) yield waiting;
    waiting = chunk;
  }
  await beforeLast?.();
  if (waiting) yield waiting;
}
