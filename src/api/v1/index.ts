import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { Readable } from 'node:stream';
import { ARRIVAL_BYTES_MAX } from '../../modules/exchange/index.ts';
import { authenticateClient } from '../../modules/identity/index.ts';
import type { ClientActor } from '../../modules/identity/index.ts';
import { operatorActor } from '../../platform/context.ts';
import type { Actor, Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { languageFor } from '../../platform/i18n.ts';
import type { Call, Handler } from './answer.ts';
import { readBody } from './bodies.ts';
import { Checker } from './check.ts';
import { loadDescription } from './description.ts';
import type { Operation } from './description.ts';
import { docs } from './docs.ts';
import { incomingStream } from './incoming-stream.ts';
import { Limits } from './limits.ts';
import { answered } from './once.ts';
import { HANDLERS } from './operations.ts';
import { problemHandler } from './problem.ts';
import { send } from './send.ts';

/** What the API needs from the process: everything of a context but the actor, who comes with each request. */
export type Ground = Omit<Ctx, 'actor' | 'tx'>;

interface Parts { readonly ground: Ground; readonly limits: Limits; readonly checker: Checker }

/** `/api/v1`: every operation of `schemas/openapi.yaml`, and nothing that is not in it but the page that shows it. */
export function apiRouter(ground: Ground): Router {
  const parts: Parts = { ground, limits: new Limits(ground.clock), checker: new Checker() };
  const api = Router({ caseSensitive: true, strict: true });
  api.use(refuseUnreadableAddress);
  const { operations } = loadDescription();
  const unanswered = operations.filter(({ id }) => !Object.hasOwn(HANDLERS, id));
  if (unanswered.length > 0) throw new Error(`fault: nobody answers ${unanswered.map(({ id }) => id).join(', ')}`);
  for (const operation of operations) api[operation.method](operation.path, route(parts, operation, HANDLERS[operation.id] as Handler));
  api.use('/docs', docs(parts.limits));
  for (const path of new Set(operations.map((one) => one.path))) api.all(path, otherMethod(operations.filter((one) => one.path === path)));
  api.use(() => {
    throw new AppError('not_found', 'api.not_found');
  });
  const router = Router();
  router.use('/api/v1', api, problemHandler(ground));
  return router;
}

const refuseUnreadableAddress: RequestHandler = (req, _res, next) => {
  if (/%00/.test(req.originalUrl)) throw new AppError('invalid', 'api.address_unreadable');
  next();
};

function otherMethod(operations: readonly Operation[]): RequestHandler {
  const methods = operations.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return (_req, res) => {
    res.set('Allow', methods.join(', '));
    throw new AppError('invalid', 'api.method', { params: { expected: methods.join(', ') } });
  };
}

/** One operation: who is it, may they, does the request fit, answer, does the answer fit. */
function route(parts: Parts, operation: Operation, handler: Handler): RequestHandler {
  return async (req, res) => {
    const { ground, limits, checker } = parts;
    const client = await clientOf(parts, operation, req, res);
    const accepted = acceptedOf(operation, req);
    const { path, query } = checker.parameters(operation, { path: req.params, query: req.query, header: (name) => req.get(name) });
    const body = await readBody(req, operation);
    if (operation.body && !operation.body.isKeptFirst && !operation.body.isStream) checker.body(operation.body.content[body.type]?.schema ?? {}, body.value);
    const stream = operation.body?.isStream ? incomingStream(req, ARRIVAL_BYTES_MAX) : null;
    const language = languageFor(req.get('accept-language') ?? '');
    const call: Call = {
      ctx: { ...ground, actor: { ...(client ?? nobody(ground)), language } }, client, language, path, query, header: (name) => req.get(name), accepted,
      body: body.value, bytes: body.bytes, source: stream?.source as Readable, bodyType: body.type, address: req.ip ?? '',
    };
    try {
      await send(ground, checker, operation, await answered(operation, handler, call, stream, req.originalUrl), req, res);
    } catch (error) {
      if (operation.id === 'getToken' && error instanceof AppError && error.kind === 'unauthenticated') limits.countFailure(req);
      throw error;
    }
  };
}

const nobody = (ground: Ground): Actor => ({ ...operatorActor(ground.config), kind: 'client', id: 'nobody', name: '', roles: [], counties: [] });

async function clientOf({ ground, limits }: Parts, { scopes, id }: Operation, req: Request, res: Response): Promise<ClientActor | null> {
  if (scopes === null) {
    limits.countStranger(req);
    if (id === 'getToken') limits.refuseGuessing(req, '');
    return null;
  }
  const credential = /^bearer ([\x21-\x7e]{1,300})$/i.exec(req.get('authorization') ?? '')?.[1];
  if (credential === undefined) {
    // Whoever brings nothing guesses nothing.
    limits.countStranger(req);
    throw new AppError('unauthenticated', 'api.credential_missing');
  }
  limits.refuseGuessing(req, credential);
  try {
    const client = await authenticateClient({ ...ground, actor: operatorActor(ground.config) }, credential, req.ip ?? '');
    limits.countProven(credential);
    limits.countRequest(client, res);
    const missing = scopes.find((scope) => !client.scopes.includes(scope));
    if (missing !== undefined) throw new AppError('forbidden', 'api.scope_missing', { params: { scope: missing } });
    return client;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unauthenticated') limits.countFailure(req);
    throw error;
  }
}

/** The form that the caller prefers, among those of the first successful answer. */
function acceptedOf(operation: Operation, req: Request): string {
  const status = Object.keys(operation.responses).find((one) => one.startsWith('2')) ?? '200';
  const types = Object.keys(operation.responses[status] ?? {});
  if (types.length === 0 || types.includes('*/*')) return types[0] ?? '';
  const preferred = req.accepts(types);
  if (preferred === false) throw new AppError('invalid', 'api.not_acceptable', { params: { expected: types.join(', ') } });
  return preferred;
}
