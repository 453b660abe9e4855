import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { parseMajor } from '../../../platform/money.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import type { Segment } from './segment-words.rules.ts';
import { countSegmentNow, countWithoutFigures, KEPT_CASES_MAX, keptCount, selectKept, selectSegment } from './segment.store.ts';
import type { KeptCount, SegmentPlace, SegmentQuery, SegmentRow } from './segment.store.ts';

interface SegmentFile {
  readonly agency?: string;
  readonly segments: readonly (Segment | { readonly segmentId: string; readonly isOff: true })[];
}

const BUILT_IN = new URL('./segments.json', import.meta.url);
const FILE_BYTES_MAX = 200_000;
const FILES_MAX = 50;
const PAGE_SIZE_MAX = 200;
const DAY_MS = 86_400_000;

let builtIn: SegmentFile | undefined;

/**
 * The segments of the actor's agency: the built-in ones, with those that `<dataDir>/segments/*.json` replaces, adds or switches off.
 * @throws AppError `segment.file_invalid`.
 */
export function listSegments(ctx: Pick<Ctx, 'actor' | 'config'>): readonly Segment[] {
  authorise(ctx, 'segments.view');
  builtIn ??= checkedFile(readFileSync(BUILT_IN, 'utf8'), 'segments.json');
  const known = new Map<string, Segment>();
  for (const file of [builtIn, ...ownFiles(ctx.config.dataDir)]) {
    if (file.agency !== undefined && file.agency !== ctx.actor.agency) continue;
    for (const segment of file.segments) {
      if ('isOff' in segment) known.delete(segment.segmentId);
      else known.set(segment.segmentId, segment);
    }
  }
  return [...known.values()];
}

function ownFiles(dataDir: string): SegmentFile[] {
  const folder = join(dataDir, 'segments');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  if (names.length > FILES_MAX) throw new AppError('invalid', 'segment.file_invalid', { params: { file: 'segments/' } });
  return names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    if (text.length > FILE_BYTES_MAX) throw new AppError('invalid', 'segment.file_invalid', { params: { file: name.slice(0, 80) } });
    return checkedFile(text, name);
  });
}

function checkedFile(text: string, name: string): SegmentFile {
  const params = { file: name.slice(0, 80) };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', 'segment.file_invalid', { params, cause });
  }
  const validate = schemaValidator('segments.v1');
  if (!validate(data)) {
    throw new AppError('invalid', 'segment.file_invalid', { params, findings: (validate.errors ?? []).map((error) => schemaFinding(error, 'segment.schema')) });
  }
  const file = data as SegmentFile;
  const unreadable = file.segments.findIndex((segment) => !('isOff' in segment) && segment.kind === 'arrears_over' && parseMajor(segment.params.amount, segment.params.currency) === null);
  if (unreadable >= 0) {
    throw new AppError('invalid', 'segment.file_invalid', { params, findings: [{ code: 'segment.amount_invalid', severity: 'block', path: `/segments/${unreadable}/params/amount` }] });
  }
  return file;
}

/** @throws AppError `segment.unknown`. */
export function getSegment(ctx: Pick<Ctx, 'actor' | 'config'>, segmentId: string): Segment {
  const segment = listSegments(ctx).find((each) => each.segmentId === segmentId);
  if (!segment) throw new AppError('not_found', 'segment.unknown', { params: { segment: segmentId.slice(0, 40) } });
  return segment;
}

/** A segment with its parameters as the database takes them. @throws AppError `segment.unknown`. */
export function segmentQuery(ctx: Pick<Ctx, 'actor' | 'config' | 'clock'>, segmentId: string): SegmentQuery {
  const segment = getSegment(ctx, segmentId);
  switch (segment.kind) {
    case 'payment': return { kind: 'payment', ...segment.params };
    case 'no_acknowledgment': return { kind: 'no_acknowledgment', sentBefore: new Date(ctx.clock.now().getTime() - segment.params.days * DAY_MS) };
    case 'no_address': return { kind: 'no_address' };
    case 'arrears_over': {
      const { amount, currency, buckets } = segment.params;
      return { kind: 'arrears_over', amountMinor: parseMajor(amount, currency) ?? 0n, currency, buckets };
    }
  }
}

export interface SegmentPage {
  readonly segment: Segment;
  readonly rows: readonly SegmentRow[];
  readonly total: number;
  /** Open cases without figures, in a segment that needs them. */
  readonly unknown: number;
  readonly page: number;
  readonly pageSize: number;
  /** When it was counted; null where that was just now. */
  readonly asOf: Date | null;
  /** Behind which row the next page begins; null where this is the last. */
  readonly next: string | null;
}

/** Counts that nobody has renewed for so long are made anew by whoever asks. */
const COUNTS_HOLD_MS = 60 * 60_000;

/**
 * The cases of a segment that the actor may see, a page at a time: by number, or behind the last row of the page before (`next`). How many there are, and
 * which they are where they are few, is read as it was counted last.
 *
 * @throws AppError `segment.unknown`, `access.forbidden`.
 */
export async function listSegment(ctx: Ctx, segmentId: string, query: { page?: number; pageSize?: number; after?: string } = {}): Promise<SegmentPage> {
  authorise(ctx, 'segments.view');
  const segment = getSegment(ctx, segmentId);
  const pageSize = Math.min(Math.max(Math.trunc(query.pageSize ?? 50), 1), PAGE_SIZE_MAX);
  const page = Math.max(Math.trunc(query.page ?? 1), 1);
  const asked = segmentQuery(ctx, segmentId);
  const place: SegmentPlace = { behind: placeOf(query.after), offset: (page - 1) * pageSize, limit: pageSize + 1 };
  return inTransaction(ctx, async (tx) => {
    const kept = heldCount(ctx, await keptCount(tx, segmentId));
    const found = kept && kept.total <= KEPT_CASES_MAX ? await selectKept(tx, segmentId, place) : await selectSegment(tx, asked, place);
    const rows = found.slice(0, pageSize);
    const needsFigures = segment.kind === 'payment' || segment.kind === 'no_address';
    const last = rows.at(-1);
    return {
      segment, rows, page, pageSize, asOf: kept?.countedAt ?? null, total: kept?.total ?? await countSegmentNow(tx, asked),
      unknown: needsFigures ? kept?.withoutFigures ?? await countWithoutFigures(tx) : 0,
      next: found.length > pageSize && last ? [last.caseId, ...(last.referralId === null ? [] : [last.referralId])].join(' ') : null,
    };
  });
}

const heldCount = (ctx: Ctx, kept: KeptCount | null): KeptCount | null => (kept && Math.abs(ctx.clock.now().getTime() - kept.countedAt.getTime()) < COUNTS_HOLD_MS ? kept : null);

function placeOf(after: string | undefined): SegmentPlace['behind'] {
  const [caseId = '', referralId = null] = (after ?? '').split(' ');
  return caseId === '' ? null : { caseId, referralId };
}
