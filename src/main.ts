import type { Config } from './platform/config.ts';
import { operatorActor } from './platform/context.ts';
import type { Ctx } from './platform/context.ts';
import { openDatabase } from './platform/database/index.ts';
import { systemClock } from './platform/dates.ts';
import { openKeyRing } from './platform/keys.ts';
import { createLogger } from './platform/log.ts';

/** The assembled application: a context that acts as the operator, and the way to let everything go. */
export interface App {
  readonly ctx: Ctx;
  close(): Promise<void>;
}

/** What is running after `serve`. */
export interface Serving {
  readonly url: string;
  /** Where partners' SFTP clients come; null where there is no SFTP. */
  readonly sftp: { readonly host: string; readonly port: number; readonly fingerprint: string } | null;
  close(): Promise<void>;
}

/** Which parts of the application a process runs; by default all of them. */
export interface Parts {
  readonly web: boolean;
  readonly jobs: boolean;
  readonly sftp: boolean;
}

/** Opens database, keys and partner profiles. This file is the only place where parts are put together. */
export async function openApp(config: Config): Promise<App> {
  const { loadLocales } = await import('./platform/i18n.ts');
  const { loadAgreements, loadPartners, refreshKits } = await import('./modules/partners/index.ts');
  const { loadCountryData } = await import('./modules/referrals/load-country-data.ts');
  const log = createLogger(config.logLevel);
  loadLocales(config.dataDir);
  loadPartners(config.dataDir);
  loadAgreements(config.dataDir);
  loadCountryData(config.dataDir);
  const keys = await openKeyRing(config);
  const db = await openDatabase(config);
  const ctx: Ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys, log };
  try {
    await refreshKits(ctx);
  } catch (error) {
    await db.close();
    throw error;
  }
  return { ctx, close: () => db.close() };
}

/** Two attorneys may seal at once; a third waits. */
const PDF_PROCESSES = 2;

/** Starts the page, the jobs and SFTP on an open application. `close` lets requests, uploads and jobs in flight end, in that order. */
export async function serve(app: App, parts: Parts = { web: true, jobs: true, sftp: true }): Promise<Serving> {
  const { pdfPool } = await import('./platform/pdf/pool.ts');
  const { usePdfPool } = await import('./platform/pdf/set-pdf.ts');
  const pool = pdfPool({ workers: PDF_PROCESSES });
  usePdfPool(pool);
  const endPool = (): Promise<void> => {
    usePdfPool(null);
    return pool.close();
  };
  const { followKits } = await import('./modules/partners/index.ts');
  const running: { close(): Promise<void> }[] = [{ close: endPool }, followKits(app.ctx)];
  const end = async (): Promise<void> => {
    for (const part of running.splice(0).reverse()) await part.close();
  };
  try {
    if (parts.jobs) running.push(await (await import('./jobs/index.ts')).startJobs(app.ctx));
    const sftp = parts.sftp ? await (await import('./sftp/index.ts')).startSftp(app.ctx) : null;
    if (sftp) running.push(sftp);
    const web = parts.web ? await startWebAndApi(app.ctx) : null;
    if (web) running.push(web);
    return { url: web?.url ?? '', sftp, close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startWebAndApi(ctx: Ctx): Promise<{ readonly url: string; close(): Promise<void> }> {
  const [{ startWeb }, { apiRouter }] = await Promise.all([import('./web/index.ts'), import('./api/v1/index.ts')]);
  return startWeb(ctx, [apiRouter(ctx)]);
}

/** Resolves when the process is asked to stop. A second request stops it at once. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
