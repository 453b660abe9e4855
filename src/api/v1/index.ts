import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { Readable } from 'node:stream';
import { ARRIVAL_BYTES_MAX, MESSAGE_BYTES_MAX } from '../../modules/exchange/index.ts';
import { authenticateClient } from '../../modules/identity/index.ts';
import type { ClientActor } from '../../modules/identity/index.ts';
import { operatorActor } from '../../platform/context.ts';
import type { Actor, Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { languageFor } from '../../platform/i18n.ts';
import type { Call, Handler } from './answer.ts';
import { announcedLength, readBody } from './bodies.ts';
import { Checker } from './check.ts';
import { loadDescription } from './description.ts';
import type { Operation } from './description.ts';
import { docs } from './docs.ts';
import { incomingStream } from './incoming-stream.ts';
import { addressKey, Limits } from './limits.ts';
import { answered } from './once.ts';
import { OpenBodies } from './open-bodies.ts';
import { HANDLERS } from './operations.ts';
import { problemHandler } from './problem.ts';
import { send } from './send.ts';

/** What the API needs from the process: everything of a context but the actor, who comes with each request. */
export type Ground = Omit<Ctx, 'actor' | 'tx'>;

interface Parts { readonly ground: Ground; readonly limits: Limits; readonly bodies: OpenBodies; readonly checker: Checker }

/** `/api/v1`: every operation of `schemas/openapi.yaml`, and nothing that is not in it but the page that shows it. */
export function apiRouter(ground: Ground): Router {
  const parts: Parts = { ground, limits: new Limits(ground.clock), bodies: new OpenBodies(), checker: new Checker() };
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
    const client = await clientOf(parts, operation, req, res);
    const accepted = acceptedOf(operation, req);
    const { path, query } = parts.checker.parameters(operation, { path: req.params, query: req.query, header: (name) => req.get(name) });
    const leave = operation.body ? parts.bodies.enter(client?.id ?? addressKey(req), announcedLength(req)) : null;
    try {
      await answerTo(parts, operation, handler, { req, res, client, accepted, path, query });
    } finally {
      leave?.();
    }
  };
}

interface Asked extends Pick<Call, 'client' | 'accepted' | 'path' | 'query'> { readonly req: Request; readonly res: Response }

async function answerTo({ ground, limits, checker }: Parts, operation: Operation, handler: Handler, { req, res, ...asked }: Asked): Promise<void> {
  const body = await readBody(req, operation);
  const stream = operation.body?.isStream || operation.body?.isKeptFirst ? incomingStream(req, operation.body.isStream ? ARRIVAL_BYTES_MAX : MESSAGE_BYTES_MAX) : null;
  if (operation.body && !stream) checker.body(operation.body.content[body.type]?.schema ?? {}, body.value);
  const language = languageFor(req.get('accept-language') ?? '');
  const call: Call = {
    ...asked, ctx: { ...ground, actor: { ...(asked.client ?? nobody(ground)), language } }, language, header: (name) => req.get(name),
    body: body.value, bytes: body.bytes, source: stream?.source as Readable, byteCount: announcedLength(req), bodyType: body.type, address: req.ip ?? '',
  };
  const answer = () => answered(operation, handler, call, stream, req.originalUrl);
  await send(ground, checker, operation, await (operation.id === 'getToken' ? attempted(limits.attempt(req, ''), answer) : answer()), req, res);
}

/** What looks at a credential, counted among those that are being looked at until it has ended. */
async function attempted<T>(settle: ReturnType<Limits['attempt']>, look: () => Promise<T>, onLetIn: 'proven' | 'unknown' = 'unknown'): Promise<T> {
  try {
    const result = await look();
    settle(onLetIn);
    return result;
  } catch (error) {
    settle(error instanceof AppError && error.kind === 'unauthenticated' ? 'refused' : 'unknown');
    throw error;
  }
}

const nobody = (ground: Ground): Actor => ({ ...operatorActor(ground.config), kind: 'client', id: 'nobody', name: '', roles: [], counties: [] });

async function clientOf({ ground, limits }: Parts, { scopes }: Operation, req: Request, res: Response): Promise<ClientActor | null> {
  if (scopes === null) {
    limits.countStranger(req);
    return null;
  }
  const credential = /^bearer ([\x21-\x7e]{1,300})$/i.exec(req.get('authorization') ?? '')?.[1];
  if (credential === undefined) {
    // Whoever brings nothing guesses nothing.
    limits.countStranger(req);
    throw new AppError('unauthenticated', 'api.credential_missing');
  }
  const system = { ...ground, actor: operatorActor(ground.config) };
  const client = await attempted(limits.attempt(req, credential), () => authenticateClient(system, credential, req.ip ?? ''), 'proven');
  limits.countRequest(client, res);
  const missing = scopes.find((scope) => !client.scopes.includes(scope));
  if (missing !== undefined) throw new AppError('forbidden', 'api.scope_missing', { params: { scope: missing } });
  return client;
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
