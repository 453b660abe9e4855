import type { Ctx } from '../platform/context.ts';
import { hasWords, wordsForCode } from '../platform/i18n.ts';
import { formatMajor } from '../platform/money.ts';
import { EXIT } from './command.ts';
import type { ExitCode, Io } from './command.ts';

/** Tells a run as a story: what came, what was found, what moved, what waits for whom, how long it took. */
export async function tellStory(io: Io, ctx: Ctx, runId: string): Promise<ExitCode> {
  const { runStory } = await import('../modules/reconciliation/index.ts');
  const story = await runStory(ctx, runId);
  await io.json(JSON.parse(JSON.stringify(story, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))));
  const column = (name: string): string => io.words(`story:column.${name}`);
  const event = (code: string): string => {
    const key = `ledger:event.${code.replaceAll('.', '_')}`;
    return hasWords(io.language, key) ? io.words(key) : code;
  };
  if (story.files.length + story.reasons.length + story.movements.length + story.waits.length === 0) {
    io.say(io.words('story:nothing'));
    return EXIT.done;
  }
  io.say(io.words('story:came'));
  io.table(['file', 'kind', 'partner', 'lines', 'digest'].map(column), story.files.map((f) => [f.fileName, io.words(`payments:kind.${f.kind}`), f.partnerId ?? '', String(f.lines), f.sha256]));
  io.say(io.words('story:found'));
  io.table(['kind', 'outcome', 'lines', 'reason'].map(column), story.reasons.map((r) => [
    io.words(`payments:kind.${r.kind}`), io.words(`reconciliation:outcome.${r.outcome}`), String(r.lines), r.reason === '' ? '' : wordsForCode(io.language, 'reasons', r.reason)]));
  io.say(io.words('story:moved'));
  io.table(['event', 'account', 'partner', 'transfers', 'amount'].map(column), story.movements.map((m) => [
    event(m.event), io.words(`ledger:account.${m.account}`), m.partnerId ?? '', String(m.transfers), `${formatMajor(m.minor, m.currency)} ${m.currency}`]));
  io.say(io.words('story:waits'));
  io.table(['for', 'partner', 'what', 'count'].map(column), story.waits.map((w) => [io.words(`story:for.${w.waitsFor}`), w.partnerId ?? '', io.words(`story:what.${w.what}`), String(w.count)]));
  io.say(io.words('story:took'));
  io.table(['step', 'at', 'duration'].map(column), story.steps.map((s) => [io.words(`story:step.${s.step}`, { file: s.fileName ?? '' }), s.at.toISOString(), io.words('story:ms', { count: s.tookMs })]));
  return story.waits.some((wait) => wait.waitsFor === 'reconciler') ? EXIT.needsPerson : EXIT.done;
}
