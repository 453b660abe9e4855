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
  close(): Promise<void>;
}

/** Which parts of the application a process runs; by default all of them. */
export interface Parts {
  readonly web: boolean;
  readonly jobs: boolean;
}

/** Opens database, keys and partner profiles. This file is the only place where parts are put together. */
export async function openApp(config: Config): Promise<App> {
  const { loadLocales } = await import('./platform/i18n.ts');
  const { loadAgreements, loadPartners } = await import('./modules/partners/index.ts');
  const { loadCountryData } = await import('./modules/referrals/load-country-data.ts');
  const log = createLogger(config.logLevel);
  loadLocales(config.dataDir);
  loadPartners(config.dataDir);
  loadAgreements(config.dataDir);
  loadCountryData(config.dataDir);
  const keys = await openKeyRing(config);
  const db = await openDatabase(config);
  return {
    ctx: { actor: operatorActor(config), clock: systemClock, config, db, keys, log },
    close: () => db.close(),
  };
}

/** Two attorneys may seal at once; a third waits. */
const PDF_PROCESSES = 2;

/** Starts the page and the jobs on an open application. `close` lets requests and jobs in flight end, in that order. */
export async function serve(app: App, parts: Parts = { web: true, jobs: true }): Promise<Serving> {
  const { pdfPool } = await import('./platform/pdf/pool.ts');
  const { usePdfPool } = await import('./platform/pdf/set-pdf.ts');
  const pool = pdfPool({ workers: PDF_PROCESSES });
  usePdfPool(pool);
  const endPool = (): Promise<void> => {
    usePdfPool(null);
    return pool.close();
  };
  const jobs = parts.jobs ? await (await import('./jobs/index.ts')).startJobs(app.ctx) : null;
  try {
    const web = parts.web ? await (await import('./web/index.ts')).startWeb(app.ctx) : null;
    return {
      url: web?.url ?? '',
      async close() {
        await web?.close();
        await jobs?.close();
        await endPool();
      },
    };
  } catch (error) {
    await jobs?.close();
    await endPool();
    throw error;
  }
}

/** Resolves when the process is asked to stop. A second request stops it at once. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
