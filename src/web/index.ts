import { Router } from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { buildHttpApp, keepLimit, listen, loadAssets, loopGauge, payeeLimit, sendLimit, signInLimits } from '../http/index.ts';
import type { Assets, Listening, LoadGauge } from '../http/index.ts';
import { pingDatabase } from '../platform/database/index.ts';
import { endWatching } from './anyone/work/watch.ts';
import { busyPage } from './busy-page.ts';
import { errorPage } from './error-page.ts';
import { handle } from './handle.ts';
import type { Ground } from './handle.ts';
import { rescueForms } from './kept-forms/rescue.ts';
import { PAGES } from './pages.ts';
import { openSessionStore } from './session-store.ts';

export type { Ground } from './handle.ts';

const OWN_ASSETS = new URL('./assets/', import.meta.url);

/** All pages behind one router, and what answers when one of them refuses or fails. */
export function webPages(ground: Ground, assets: Assets): { router: Router; onError: ErrorRequestHandler } {
  const router = Router();
  const tooMany: RequestHandler = (_req, _res, next) => next(Object.assign(new Error('too many tries'), { status: 429 }));
  router.post('/sign-in', ...signInLimits(tooMany));
  router.post('/send', sendLimit(tooMany));
  router.post('/lists/send', sendLimit(tooMany));
  router.post('/language', keepLimit(tooMany));
  router.use('/payee', payeeLimit(tooMany));
  for (const page of PAGES) {
    if (page.get) router.get(page.path, handle(page, page.get, ground, assets));
    if (page.post) router.post(page.path, handle(page, page.post, ground, assets));
  }
  return { router, onError: errorPage(ground, assets) };
}

export interface WebApp {
  app: ReturnType<typeof buildHttpApp>;
  close(): Promise<void>;
}

/** The application without a port, as the tests use it. `withoutSession` takes the API's router. */
export function buildWebApp(ground: Ground, withoutSession: readonly Router[] = [], gauge: LoadGauge = loopGauge()): WebApp {
  const assets = loadAssets(OWN_ASSETS);
  const store = openSessionStore(ground);
  const { router, onError } = webPages(ground, assets);
  const app = buildHttpApp({
    config: ground.config,
    clock: ground.clock,
    // Keyed, and the same for every process that has the same keys: no setting of its own is needed.
    session: { store, secret: ground.keys.lookup('web_session_secret', 'v1').toString('base64url') },
    assets,
    isReady: askedSeldom(() => pingDatabase(ground.db)),
    withoutSession,
    load: { gauge, refuse: busyPage(assets) },
    rescue: rescueForms(ground),
    pages: router,
    onError,
  });
  return { app, close: () => store.close() };
}

/** Anyone may ask whether we are ready; the database is asked once a second at most, however many ask. */
function askedSeldom(ask: () => Promise<boolean>, everyMs = 1_000): () => Promise<boolean> {
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let answer = Promise.resolve(false);
  return () => {
    const nowMs = performance.now();
    if (nowMs - askedAtMs >= everyMs) {
      askedAtMs = nowMs;
      answer = ask();
    }
    return answer;
  };
}

/** Serves the web pages. `close` lets requests in flight end. */
export async function startWeb(ground: Ground, withoutSession: readonly Router[] = [], gauge: LoadGauge = loopGauge()): Promise<Listening> {
  const web = buildWebApp(ground, withoutSession, gauge);
  const listening = await listen(web.app, { host: ground.config.host, port: ground.config.port });
  return {
    ...listening,
    close: async () => {
      endWatching(ground.db);
      await listening.close();
      await web.close();
    },
  };
}
