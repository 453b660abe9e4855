import { listNotDone, readWork } from '../../../platform/work.ts';
import type { Work } from '../../../platform/work.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { pathText, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { EventStream, Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { watchOf } from './watch.ts';

/** Seconds after which the page looks again by itself, for whoever asks for that and has no scripts. */
const AGAIN_SECONDS = 10;
/** Longer than this without a step, and the page says since when nothing has moved. */
const STILL_MS = 10 * 60_000;

/** Work of which the result is the next page of what a person is doing: it is shown at once. */
const LEADS_ON = ['referrals.batch_check'];

/** How far long work is. Whoever may not see it is told that there is no such page. */
export const workPage: Page = {
  path: '/work/:workId',
  access: 'signed-in',
  get: async (visit) => {
    const work = await readWork(visit.ctx, pathText(visit, 'workId'));
    if (work.to !== null && LEADS_ON.includes(work.kind)) return redirect(work.to);
    const page = queryPage(visit);
    const { rows, hasNext } = await listNotDone(visit.ctx, work.workId, page);
    const isRunning = work.state === 'running';
    const isRepeated = queryText(visit, 'again') === 'yes';
    return view('anyone/work', {
      work, progress: saidOf(visit, work), title: titleOf(visit, work), isRunning, notDone: rows.map((one) => ({ ...one, why: whyOf(visit, one.code, one.params ?? {}) })),
      isStill: isRunning && visit.ctx.clock.now().getTime() - work.changedAt.getTime() > STILL_MS,
      againSeconds: isRunning && isRepeated ? AGAIN_SECONDS : null,
      here: addressWith(visit, {}), again: addressWith(visit, { again: isRepeated ? '' : 'yes' }), isRepeated,
      events: isRunning ? `/work/${work.workId}/events` : null,
      paging: pagingNumbered(visit, page, hasNext),
    });
  },
};

/** The same, told whenever it moves (server-sent events). What is told is the whole state, so that coming again needs no memory. */
export const workEventsPage: Page = {
  path: '/work/:workId/events',
  access: 'signed-in',
  get: async (visit): Promise<EventStream> => {
    const work = await readWork(visit.ctx, pathText(visit, 'workId'));
    return {
      kind: 'events',
      begin: (tell, end) => {
        let told = visit.req.get('last-event-id') ?? '';
        const tellIfNew = (now: Work): void => {
          const id = `${now.state}-${now.done}-${now.failed}-${now.total ?? ''}`;
          if (id !== told) tell(eventOf(visit, now, id));
          told = id;
        };
        if (work.state !== 'running') {
          told = '';
          tellIfNew(work);
          end();
          return () => undefined;
        }
        const stop = watchOf(visit.ctx).add(work.workId, visit.ctx.actor.id, { tell: tellIfNew, beat: () => tell(':\n\n'), end });
        if (stop) tellIfNew(work);
        return stop;
      },
    };
  },
};

function eventOf(visit: Visit, work: Work, id: string): string {
  const said = saidOf(visit, work);
  const data = { state: work.state, done: work.done + work.failed, total: work.total, counts: said.counts, text: said.text };
  return `id: ${id}\nevent: progress\ndata: ${JSON.stringify(data)}\n\n`;
}

function saidOf(visit: Visit, work: Work): { text: string; counts: string; value: number | null; max: number } {
  const { t, format } = visit;
  const settled = work.done + work.failed;
  const text = work.total === null ? t('ground:work.so_far', { count: format.number(settled) })
    : t('ground:work.of', { count: format.number(settled), total: format.number(work.total) });
  const counts = t('ground:work.counts', { done: format.number(work.done), failed: format.number(work.failed) });
  return { text, counts, value: work.total === null ? null : Math.min(settled, work.total), max: Math.max(1, work.total ?? 1) };
}

function titleOf(visit: Visit, work: Work): string {
  const [namespace, name] = work.kind.split('.');
  const key = `${namespace}:work.${name}`;
  return visit.t(hasWords(visit.language, key) ? key : 'ground:work.title');
}

/** A code is a refusal or a finding; it has words as one of them. */
function whyOf(visit: Visit, code: string, params: Parameters<ReturnType<typeof wordsFor>['error']>[1]): string {
  const words = wordsFor(visit.language);
  const said = words.error(code, params);
  return said === code ? words.finding({ code, severity: 'block', params: params ?? {} }) : said;
}
