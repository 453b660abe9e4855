import type { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { listCases } from '../../cases/index.ts';
import type { CaseListItem } from '../../cases/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import { dueDate } from '../clocks/due-date.ts';
import { getIncomingRow } from './get-incoming-row.ts';
import { INCOMING_STATES, OPEN_STATES, shownState } from './incoming.rules.ts';
import type { IncomingState, ShownState } from './incoming.rules.ts';
import { NEWEST, OLDEST, newestProposal, selectIncoming } from './incoming.store.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf, pageWith } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import type { IncomingRow, IncomingSort } from './incoming.store.ts';
import { missingForCase } from './proposal.rules.ts';
import type { Candidate, Proposal } from './proposal.rules.ts';

const SIZES = { usual: 50, most: 200 };

export interface IncomingQuery extends PageAsked {
  /** `open` waits for a person, the oldest first; `decided` is everything else, the newest first. */
  readonly show?: 'open' | 'decided' | undefined;
  readonly partnerId?: string | undefined;
  /** What was tied to this referral, and nothing else. */
  readonly referralId?: string | undefined;
  readonly order?: ListOrder<IncomingSort> | undefined;
}

export interface ListedIncoming extends IncomingRow {
  readonly proposal: Proposal['kind'] | null;
  readonly decideBy: CalendarDate | null;
}

/**
 * Until when a request must be acknowledged, whether anybody has tied it to a case or not: the clock of the referral that it becomes
 * counts from the same day. Our own papers, come back, are no request.
 */
function decideBy({ state, sender, receivedOn }: IncomingRow): CalendarDate | null {
  return OPEN_STATES.includes(state) && sender !== 'ours' ? dueDate('registry.intake', receivedOn).due : null;
}

/** What came in, page by page. What no county owns yet is seen by who sees all counties. @throws AppError `access.forbidden`. */
export async function listIncoming(ctx: Ctx, query: IncomingQuery = {}): Promise<ListPage<ListedIncoming>> {
  authorise(ctx, 'incoming.view');
  const isOpen = query.show !== 'decided' && query.referralId === undefined;
  const states = isOpen ? OPEN_STATES : INCOMING_STATES.filter((state) => !OPEN_STATES.includes(state));
  return inTransaction(ctx, async (tx) => {
    const filter = { states, partnerId: query.partnerId, referralId: query.referralId };
    const { rows, ...page } = await pageOf(query, SIZES, (place) => selectIncoming(tx, filter, query.order ?? (isOpen ? OLDEST : NEWEST), place), ({ incomingId }) => incomingId);
    const listed: ListedIncoming[] = [];
    for (const row of rows) listed.push({ ...row, decideBy: decideBy(row), proposal: isOpen ? (await newestProposal(tx, row.incomingId))?.proposal.kind ?? null : null });
    return { rows: listed, ...page };
  });
}

export interface ShownCandidate extends Candidate {
  /** As a list of cases shows it; null where this actor does not see the case. */
  readonly item: CaseListItem | null;
}

export interface IncomingView extends IncomingRow {
  readonly isOpen: boolean;
  readonly decideBy: CalendarDate | null;
  readonly proposal: Proposal | null;
  readonly candidates: readonly ShownCandidate[];
  /** What the looking around found, for the agency alone. */
  readonly caseFindings: readonly Finding[];
  /** What would have to be asked for before the county could open a case of it. */
  readonly missing: readonly string[];
}

/** One receipt with what is proposed. It is written down who looked. @throws AppError `incoming.not_found`, `access.forbidden`. */
export async function getIncoming(ctx: Ctx, incomingId: string): Promise<IncomingView> {
  authorise(ctx, 'incoming.view');
  return inTransaction(ctx, async (tx) => {
    const row = await getIncomingRow(tx, incomingId);
    const isOpen = OPEN_STATES.includes(row.state);
    const newest = await newestProposal(tx, incomingId);
    if (ctx.actor.kind !== 'system') {
      await recordAudit(tx, {
        action: 'incoming.viewed', subject: { type: 'incoming', id: incomingId }, partner: row.partnerId, ...(row.county === null ? {} : { county: row.county }),
        details: { candidates: newest?.proposal.candidates.map(({ caseId }) => caseId).join(' ') ?? '', cases: newest?.proposal.candidates.map(({ caseId }) => caseId).slice(0, 50) ?? [] },
      });
    }
    return {
      ...row, isOpen, decideBy: decideBy(row), proposal: newest?.proposal ?? null, caseFindings: newest?.findings ?? [],
      candidates: await shown(tx, newest?.proposal.candidates ?? []), missing: row.facts === null ? [] : missingForCase(row.facts),
    };
  });
}

async function shown(ctx: TxCtx, candidates: readonly Candidate[]): Promise<ShownCandidate[]> {
  const found: ShownCandidate[] = [];
  for (const candidate of candidates) {
    const { items } = await listCases(ctx, { search: candidate.caseId });
    found.push({ ...candidate, item: items.find(({ caseId }) => caseId === candidate.caseId) ?? null });
  }
  return found;
}

/** What a partner's officer is told of something sent: that it came, and what a person decided. */
export interface SentItem {
  readonly incomingId: string;
  readonly receivedAt: Date;
  readonly fileName: string;
  readonly byteCount: number;
  readonly sha256: string;
  readonly state: ShownState;
  readonly findings: readonly Finding[];
  readonly reason: string | null;
  /** The request that was opened of it, whose progress the officer may follow. */
  readonly referralId: string | null;
}

/** Notes for whoever ties papers to a case; the sender can do nothing about them. */
const FOR_THE_COUNTY: ReadonlySet<string> = new Set(['incoming.reference_scanned']);

export interface SentQuery extends PageAsked {
  /** As the officer is told of it. */
  readonly shown?: ShownState | undefined;
  readonly order?: ListOrder<'received' | 'state'> | undefined;
}

/** What the officer's partner has sent, the newest first unless told otherwise. @throws AppError `incoming.officers_only`, `access.forbidden`. */
export async function listSent(ctx: Ctx, query: SentQuery = {}): Promise<ListPage<SentItem>> {
  authorise(ctx, 'incoming.send');
  const { partner } = ctx.actor;
  if (partner === null) throw new AppError('forbidden', 'incoming.officers_only');
  const states = query.shown === undefined ? undefined : INCOMING_STATES.filter((state) => shownState(state) === query.shown);
  const found = await inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectIncoming(tx, { states, partnerId: partner }, query.order ?? NEWEST, place), ({ incomingId }) => incomingId));
  return pageWith(found, ({ incomingId, receivedAt, fileName, byteCount, sha256, state, findings, reason, referralId }) =>
    ({ referralId: state === 'accepted' ? referralId : null, incomingId, receivedAt, fileName, byteCount, sha256, state: shownState(state), findings: findings.filter(({ code }) => !FOR_THE_COUNTY.has(code)), reason }));
}

export interface IncomingFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteCount: number;
  readonly bytes: Readable;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png', 'application/xml': 'xml', 'application/vnd.etsi.asic-e+zip': 'asice',
};

/**
 * The file as it came, and who took it is written down. Its name is ours: the sender's can name anybody. What was refused has no type.
 * @throws AppError `incoming.not_found`, `access.forbidden`.
 */
export async function readIncomingFile(ctx: Ctx, incomingId: string): Promise<IncomingFile> {
  authorise(ctx, 'incoming.view');
  const row = await inTransaction(ctx, async (tx) => {
    const found = await getIncomingRow(tx, incomingId);
    await recordAudit(tx, {
      action: 'incoming.read', subject: { type: 'incoming', id: incomingId }, partner: found.partnerId, ...(found.county === null ? {} : { county: found.county }), details: { sha256: found.sha256 },
    });
    return found;
  });
  const mediaType = bySoundness(row.state, row.mediaType);
  return { fileName: `${incomingId}.${EXTENSIONS[mediaType] ?? 'bin'}`, mediaType, byteCount: row.byteCount, bytes: openKeptFile(ctx, row.fileId) };
}

const bySoundness = (state: IncomingState, mediaType: string | null): string => (state === 'refused' || mediaType === null ? 'application/octet-stream' : mediaType);
