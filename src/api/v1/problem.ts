import type { ErrorRequestHandler } from 'express';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import type { Language } from '../../platform/config.ts';
import { languageFor, translator, wordsForCode } from '../../platform/i18n.ts';
import type { Ctx } from '../../platform/context.ts';
import { FALLBACK_CODES, PROBLEM_TYPES, problemTypeOf } from './problem-types.ts';
import type { ProblemType } from './problem-types.ts';

export interface Told {
  readonly code: string;
  readonly severity?: string;
  readonly pointer?: string;
  readonly line?: number;
  readonly detail: string;
}

/** A problem as it is sent (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly Told[];
  readonly received?: unknown;
  readonly requestId: string;
}

/** A refusal that brings something of its own into the problem. */
export class AnsweredRefusal extends AppError {
  readonly received: unknown;

  constructor(code: string, findings: readonly Finding[], received: unknown) {
    super('invalid', code, { findings });
    this.received = received;
  }
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? withoutSlash(url.slice(0, -1)) : url);
export const typeAddress = (ground: Pick<Ctx, 'config'>, type: ProblemType): string => `${withoutSlash(ground.config.publicUrl ?? '')}/api/v1/errors/${type}`;

const ERRORS_MAX = 200;

/** A problem in words. Of a fault of ours nothing is told but that there was one. */
export function problemOf(ground: Pick<Ctx, 'config'>, error: unknown, language: Language, requestId: string): Problem {
  const type = problemTypeOf(error);
  const refusal = error instanceof AppError ? error : null;
  const code = refusal?.code ?? FALLBACK_CODES[type] ?? 'api.fault';
  const errors = (refusal?.findings ?? []).slice(0, ERRORS_MAX).map((finding) => told(finding, language));
  const words = translator(language);
  return {
    type: typeAddress(ground, type), title: words(`api:problems.${type}.title`), status: PROBLEM_TYPES[type],
    detail: detailOf(language, code, refusal?.params ?? {}, words(`api:problems.${type}.text`)), code,
    ...(errors.length > 0 ? { errors } : {}), ...(error instanceof AnsweredRefusal ? { received: error.received } : {}), requestId,
  };
}

function detailOf(language: Language, code: string, params: AppError['params'], fallback: string): string {
  const words = wordsForCode(language, 'errors', code, params);
  return words === code ? fallback : words;
}

/** A finding in words, with its place. */
export function told({ code, severity, path, line, params }: Finding, language: Language): Told {
  return { code, severity, ...(path === undefined ? {} : { pointer: path }), ...(line === undefined ? {} : { line }), detail: wordsForCode(language, 'findings', code, params) };
}

const secondsOf = (error: unknown): AppError['params'][string] | undefined => (error instanceof AppError ? error.params['seconds'] : undefined);

/** The one place where the API turns what is thrown into an answer. */
export function problemHandler(ground: Pick<Ctx, 'config' | 'log'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const problem = problemOf(ground, error, languageFor(req.get('accept-language') ?? ''), req.requestId);
    const fields = { requestId: req.requestId, status: problem.status, method: req.method, code: problem.code };
    if (problem.status >= 500) ground.log.error({ ...fields, ...(error instanceof AppError ? {} : { err: error }) }, 'request failed');
    else ground.log.info(fields, 'request refused');
    if (res.headersSent) return void res.destroy();
    for (const name of ['ETag', 'Content-Disposition', 'Content-Range', 'Accept-Ranges', 'Location']) res.removeHeader(name);
    // What is left of a body that was begun stands in the way of the next request on this connection.
    if (req.readableDidRead && !req.complete) res.set('Connection', 'close');
    if (problem.status === 416 && error instanceof AppError) res.set('Content-Range', `bytes */${String(error.params['size'])}`);
    if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer realm="puente"');
    if ([429, 503].includes(problem.status) && !res.get('Retry-After')) res.set('Retry-After', String(secondsOf(error) ?? (problem.status === 503 ? 10 : 60)));
    res.status(problem.status).set({ 'Content-Type': 'application/problem+json', 'Content-Language': languageFor(req.get('accept-language') ?? ''), 'Vary': 'Accept-Language' }).send(JSON.stringify(problem));
  };
}
