import type { Request, RequestHandler, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { isAllowed } from '../platform/authorise.ts';
import { operatorActor } from '../platform/context.ts';
import type { Actor, Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { translator } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import { personOfSession } from '../modules/identity/index.ts';
import type { PersonAtWork } from '../modules/identity/index.ts';
import { findPartner } from '../modules/partners/index.ts';
import { ABSOLUTE_MS, DOCUMENT_POLICY, formToken, IDLE_MS } from '../http/index.ts';
import type { Assets } from '../http/index.ts';
import { exchangePlaces } from './exchange-places.ts';
import { formatFor } from './format.ts';
import { groupsOf, navigationFor } from './navigation.ts';
import { keptAsked, keptFor, marksFor, ownersOf } from './kept-forms/give-back.ts';
import { forgetForm } from './kept-forms/keep.ts';
import type { FormMarks } from './kept-forms/mark-forms.ts';
import { refill, withNotice } from './kept-forms/refill.ts';
import { renderPage, renderPart } from './render.ts';
import type { Surroundings } from './render.ts';
import { endWithSession } from './open-streams.ts';
import { doesNotProlong, hashed } from './session-keys.ts';
import type { Download, EventStream, Handler, Page, Reply, View, Visit } from './visit.ts';

/** What the pages need from the process: everything of a context but the actor, who comes with each request. */
export type Ground = Omit<Ctx, 'actor' | 'tx'>;

/** The county's offices are in California; an officer reads times as the clock on the officer's own wall shows them. */
const AGENCY_TIME_ZONE = 'America/Los_Angeles';

/** Where somebody gets to who came in by a password for the first sign-in. */
const OPEN_BEFORE_CHANGE: readonly string[] = ['/account', '/account/password', '/account/language', '/sign-out'];

/** Turns a page's handler into what Express calls: who is it, may they, answer. */
export function handle(page: Page, handler: Handler, ground: Ground, assets: Assets): RequestHandler {
  return async (req, res) => {
    const visit = await visitOf(ground, req, res);
    if (page.access !== 'public' && !visit.isSignedIn) return res.redirect(303, `/sign-in?next=${encodeURIComponent(comeBackTo(req))}`);
    if (visit.mustChangePassword && !OPEN_BEFORE_CHANGE.includes(page.path)) return res.redirect(303, '/account');
    if (page.access !== 'public' && page.access !== 'signed-in' && !isAllowed(visit.ctx, page.access)) {
      throw new AppError('forbidden', 'access.forbidden', { params: { permission: page.access } });
    }
    const reply = await handler(visit);
    await forgetSent(ground, req, reply);
    await answer(reply, visit, assets);
  };
}

/** A form that did its work leads on to another page: what was kept of it has served. */
async function forgetSent(ground: Ground, req: Request, reply: Reply): Promise<void> {
  const kept = req.method === 'POST' && reply.kind === 'redirect' && req.path !== '/language' ? marksFor(ground, req).kept : null;
  if (kept) await forgetForm(ground, kept.id, ownersOf(ground, req));
}

/** How long the session lasts if nobody asks for anything, and how long at most. */
function sessionLeft({ ctx, req }: Visit): Surroundings['session'] {
  const { startedAtMs } = req.session;
  const left = startedAtMs === undefined ? ABSOLUTE_MS : startedAtMs + ABSOLUTE_MS - ctx.clock.now().getTime();
  return { idleSeconds: Math.floor(IDLE_MS / 1_000), leftSeconds: Math.max(0, Math.floor(left / 1_000)) };
}

/** After signing in, a page that was read is shown again; a form that was sent leads to the page it stood on. */
function comeBackTo(req: Request): string {
  return req.method === 'GET' ? req.originalUrl : req.path;
}

export async function visitOf(ground: Ground, req: Request, res: Response): Promise<Visit> {
  const person = await personAtWork(ground, req);
  return { ...visitAs(person?.actor ?? null, ground, req, res), mustChangePassword: person?.mustChangePassword ?? false, revision: person?.revision ?? 0 };
}

/** The same for somebody of whom nothing is known; asks the database nothing. */
export function strangerVisit(ground: Ground, req: Request, res: Response): Visit {
  return visitAs(null, ground, req, res);
}

function visitAs(actor: Actor | null, ground: Ground, req: Request, res: Response): Visit {
  const language = req.hasChosenLanguage || !actor ? req.language : actor.language;
  const visitor: Actor = { ...operatorActor(ground.config), id: 'visitor', name: '', roles: [], counties: [] };
  const ctx: Ctx = { ...ground, actor: { ...(actor ?? visitor), language } };
  return {
    ctx, req, res, language, isSignedIn: actor !== null, mustChangePassword: false, revision: 0,
    t: translator(language),
    format: formatFor(language, timeZoneOf(ctx.actor)),
  };
}

async function personAtWork(ground: Ground, req: Request): Promise<PersonAtWork | null> {
  // There is no session where its store could not be reached.
  const { userId, epoch } = (req.session as Request['session'] | undefined) ?? {};
  if (userId === undefined) return null;
  try {
    return await personOfSession({ ...ground, actor: operatorActor(ground.config) }, { userId, epoch });
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'unauthenticated') throw error;
    delete req.session.userId;
    return null;
  }
}

function timeZoneOf(actor: Actor): string {
  return (actor.partner ? findPartner(actor.partner)?.timeZone.value : undefined) ?? AGENCY_TIME_ZONE;
}

async function answer(reply: Reply, visit: Visit, assets: Assets): Promise<void> {
  if (reply.kind === 'redirect') return visit.res.redirect(303, reply.to);
  if (reply.kind === 'download') return sendDownload(reply, visit.res);
  if (reply.kind === 'events') return sendEvents(reply, visit);
  if (reply.kind === 'nothing') return void visit.res.status(204).end();
  await sendView(reply, reply.languages?.[0] === undefined ? visit : inLanguage(visit, reply.languages[0]), assets);
}

const inLanguage = (visit: Visit, language: Language): Visit => ({ ...visit, language, t: translator(language), format: formatFor(language, timeZoneOf(visit.ctx.actor)) });

async function sendView(reply: View, visit: Visit, assets: Assets): Promise<void> {
  const keptId = keptAsked(visit.req);
  const kept = keptId === null ? null : await keptFor(visit.ctx, visit.req, keptId);
  const around = { ...surroundingsOf(visit, assets, reply.status ?? 200, keptId !== null && kept ? { id: keptId, at: kept.at } : null), ...(reply.languages ? { languages: reply.languages } : {}) };
  const html = renderPage(reply.page, reply.data, around);
  const notice = (left: readonly string[]) => renderPart('/parts/kept', { kept, left }, around);
  const shown = keptId === null ? html : kept ? refill(html, kept, notice) : withNotice(html, notice([]));
  sendHtml(shown, reply.page, reply.status ?? 200, visit);
}

export function sendPage(page: string, data: Record<string, unknown>, status: number, visit: Visit, assets: Assets): void {
  sendHtml(renderPage(page, data, surroundingsOf(visit, assets, status)), page, status, visit);
}

function sendHtml(html: string, page: string, status: number, { req, res, language, ctx }: Visit): void {
  res.status(status).set({ 'Content-Language': language, 'Vary': 'Cookie, Accept-Language' }).type('html');
  res.send(html);
  ctx.log.debug({ requestId: req.requestId, page, status }, 'page');
}

function surroundingsOf(visit: Visit, assets: Assets, status: number, kept: FormMarks['kept'] = null): Surroundings {
  const { ctx, req, isSignedIn, t, language } = visit;
  const role = ctx.actor.roles[0];
  const marks = marksFor(ctx, req);
  const navigation = isSignedIn ? navigationFor(ctx, req.path) : [];
  return {
    language,
    address: marks.page,
    formMarks: { ...marks, kept: kept ?? marks.kept },
    asset: assets.href,
    person: isSignedIn && role ? { name: ctx.actor.name, role: t(`identity:role.${role}`) } : null,
    navigation,
    navigationGroups: groupsOf(navigation),
    places: isSignedIn ? exchangePlaces(ctx, req.path) : [],
    // The token is our own base64url text; making it creates the session that keeps it.
    hiddenFields: () => `<input type="hidden" name="form_token" value="${formToken(req)}">`,
    timeZone: timeZoneOf(ctx.actor),
    ...(req.dates ? { dates: req.dates } : {}),
    isOneTime: req.method === 'POST' && status === 200,
    session: isSignedIn ? sessionLeft(visit) : null,
  };
}

async function sendDownload(download: Download, res: Response): Promise<void> {
  const safeName = download.fileName.replace(/[^\w.-]/g, '_');
  res.set({
    'Content-Type': download.type,
    'Content-Disposition': `${download.isInline ? 'inline' : 'attachment'}; filename="${safeName}"`,
    'Content-Security-Policy': DOCUMENT_POLICY,
  });
  if (download.bytes instanceof Uint8Array) return void res.end(download.bytes);
  await pipeline(download.bytes, res);
}

/** What is told goes out at once, past anything on the way that would gather it. Turned away, a browser does not come again by itself. */
function sendEvents(stream: EventStream, { ctx, req, res, revision }: Visit): void {
  const waiting: string[] = [];
  let isOpen = false;
  let hasEnded = false;
  let stop: (() => void) | null = null;
  const end = (): void => {
    hasEnded = true;
    if (isOpen) res.end();
  };
  stop = stream.begin((event) => (isOpen ? void res.write(event) : void waiting.push(event)), end);
  if (stop === null) return void res.status(429).set('Retry-After', '60').type('text/plain').send('');
  res.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
  if (req.method === 'HEAD') hasEnded = true;
  req.socket.setTimeout(0);
  req.leavePlace?.();
  res.on('close', stop);
  // It ends with the session of whoever listens, and does not make it longer.
  const { userId, epoch, startedAtMs } = req.session;
  if (userId !== undefined) {
    doesNotProlong(req.session);
    const endsAtMs = startedAtMs === undefined ? Infinity : startedAtMs + ABSOLUTE_MS;
    res.on('close', endWithSession(ctx, { sid: hashed(req.sessionID), userId, epoch: epoch ?? -1, revision }, endsAtMs, end));
  }
  res.write(`retry: 3000\n\n${waiting.join('')}`);
  isOpen = true;
  if (hasEnded) res.end();
}
