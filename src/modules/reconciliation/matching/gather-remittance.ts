import type { TxCtx } from '../../../platform/context.ts';
import { printedNameKeys } from '../../../platform/names/index.ts';
import { selectCases, selectPersons } from './candidate.store.ts';
import { partnerNumbers } from './gather-forwarding.ts';
import { isRemarkUnread } from './shapes.rules.ts';
import type { Shapes } from './shapes.rules.ts';
import type { OpenLine } from '../runs/line.store.ts';
import { selectNameHits } from './name-search.store.ts';
import type { NameHit, NameKeyQuery, NameLimits } from './name-search.store.ts';
import { namedIds, withPartnerNumbers } from './number-evidence.rules.ts';
import type { Named } from './number-evidence.rules.ts';
import { payerEvidence, receiverEvidence } from './person.rules.ts';
import type { CaseView } from './person.rules.ts';
import { relationTo } from './printed-number.rules.ts';
import { decideRemittance, ONE_SIDED_MAX } from './remittance.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence } from './remittance.rules.ts';

/**
 * How many cases are looked at for the names of one line; beyond `both` names alone prove nothing. Few are enough for most lines: where a
 * rival may stand behind those that share the one name, many more are looked at.
 */
const FIRST_LOOK: NameLimits = { both: 60, one: ONE_SIDED_MAX };
const SECOND_LOOK: NameLimits = { both: 60, one: 1_000 };

export type RemittanceFacts = { evidenceFor(line: OpenLine): RemittanceEvidence };

export type Caseload = { readonly counties: ReadonlySet<string>; readonly caseCount: number };

const SEEN_MAX = 5_000;

/** Cases that were looked up for earlier lines of the same file: bearers of usual names come again and again. */
export class SeenCases {
  #now = new Map<string, CaseView>();
  #before = new Map<string, CaseView>();

  get(caseId: string): CaseView | undefined {
    return this.#now.get(caseId) ?? this.#before.get(caseId);
  }

  add(view: CaseView): void {
    if (this.#now.size >= SEEN_MAX) {
      this.#before = this.#now;
      this.#now = new Map();
    }
    this.#now.set(view.caseId, view);
  }
}

/**
 * Looks up what a batch of remittance lines may need: cases by their numbers and, for lines without one, by both names. `seen` keeps cases from one
 * batch to the next.
 */
export async function gatherRemittance(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes, caseload: Caseload, seen = new SeenCases()): Promise<RemittanceFacts> {
  const ownNumbers = await partnerNumbers(ctx, lines, shapes);
  const numbers = new Map(lines.map((l) => [l.place, withPartnerNumbers(namedIds(l.givenCaseId, l.note, shapes.cases), ownNumbers.get(l.place) ?? [])]));
  const found = await viewsOf(ctx, seen, [...numbers.values()].flatMap((n) => n.map((c) => c.id)));
  const searching = lines.filter((l) => !numbers.get(l.place)?.some((c) => found.has(c.id)) && ['agrees', 'no_credit'].includes(l.transfer));
  const first = await search(ctx, seen, searching, FIRST_LOOK);
  const evidence = (line: OpenLine, look: Look): RemittanceEvidence => evidenceOf(line, numbers.get(line.place) ?? [], look, found, caseload, shapes);
  // Comparing names is what costs most: what a line was judged by here is kept for its decision.
  const judged = new Map<number, RemittanceEvidence>();
  const doubtful = searching.filter((l) => {
    if (!isSeenInPart(first, l.place)) return false;
    const told = evidence(l, first);
    if (decideRemittance(l, told).reasons.includes('candidates.too_many')) return true;
    judged.set(l.place, told);
    return false;
  });
  const second = await search(ctx, seen, doubtful, SECOND_LOOK);
  const again = new Set(doubtful.map((l) => l.place));
  return { evidenceFor: (line) => judged.get(line.place) ?? evidence(line, again.has(line.place) ? second : first) };
}

type Views = ReadonlyMap<string, CaseView>;
type Look = { readonly limits: NameLimits; readonly hits: ReadonlyMap<number, readonly NameHit[]>; readonly views: Views };

async function search(ctx: TxCtx, seen: SeenCases, lines: readonly OpenLine[], limits: NameLimits): Promise<Look> {
  const numbered = new Map(lines.flatMap((l) => (l.givenCaseId === null ? [] : [[l.place, relationTo(l.givenCaseId)] as const])));
  const all = await selectNameHits(ctx, lines.flatMap(keysOf), limits, [...numbered.keys()]);
  const hits = Map.groupBy(all.filter((h) => isLookedAt(h, limits) || (numbered.get(h.place)?.(h.caseId) ?? 'other') !== 'other'), (h) => h.place);
  return { limits, hits, views: await viewsOf(ctx, seen, [...hits.values()].flatMap((h) => h.map((x) => x.caseId))) };
}

async function viewsOf(ctx: TxCtx, seen: SeenCases, wanted: readonly string[]): Promise<Map<string, CaseView>> {
  const caseIds = new Set(wanted);
  const views = new Map<string, CaseView>();
  const missing: string[] = [];
  for (const id of caseIds) {
    const known = seen.get(id);
    if (known === undefined) missing.push(id);
    else views.set(id, known);
  }
  const cases = await selectCases(ctx, missing);
  const persons = await selectPersons(ctx, [...cases.keys()]);
  for (const [id, c] of cases) {
    const view = { ...c, persons: persons.get(id) ?? [] };
    views.set(id, view);
    seen.add(view);
  }
  return views;
}

const isLookedAt = (h: NameHit, limits: NameLimits): boolean => h.rank <= (h.sides === 3 ? limits.both : limits.one);
const isSeenInPart = (look: Look, place: number): boolean => unseen(look, place, 1) + unseen(look, place, 2) > 0;

/** How many share one name as much as the last of those that were looked at; 0 where all were. */
function unseen({ hits, limits }: Look, place: number, side: 1 | 2): number {
  return Math.max(0, ...(hits.get(place) ?? []).filter((h) => h.sides === side && isLookedAt(h, limits) && h.total > limits.one).map((h) => h.alike));
}

function keysOf(line: OpenLine): NameKeyQuery[] {
  const keys = (text: string, side: 1 | 2): NameKeyQuery[] => printedNameKeys(text).map((key) => ({ place: line.place, side, key }));
  return [...keys(line.obligorName, 1), ...keys(line.obligeeName, 2)];
}

function evidenceOf(line: OpenLine, numbers: readonly Named[], look: Look, found: Views, caseload: Caseload, shapes: Shapes): RemittanceEvidence {
  const hits = look.hits.get(line.place) ?? [];
  const namedCases = numbers.filter((c) => found.has(c.id)).map((c) => ({ caseId: c.id, strength: c.strength, inText: c.inText }));
  const caseIds = namedCases.length > 0 ? namedCases.map((c) => c.caseId) : hits.map((h) => h.caseId);
  const candidates = [...new Set(caseIds)].flatMap((id): RemittanceCandidate[] => {
    const view = look.views.get(id) ?? found.get(id);
    if (view === undefined) return [];
    return [{ caseId: id, county: view.county, isOpen: view.status === 'open', payer: payerEvidence(line.obligorName, view), receiver: receiverEvidence(line.obligeeName, view) }];
  });
  return {
    transfer: line.transfer, feeTaken: line.feeTaken, namedCases, candidates, counties: caseload.counties, caseCount: caseload.caseCount,
    isCut: hits.some((h) => h.sides === 3 && h.total > look.limits.both), areKeysCut: hits.some((h) => h.isCut),
    unseen: { payers: unseen(look, line.place, 1), receivers: unseen(look, line.place, 2) }, isRemarkUnread: isRemarkUnread(line.note, shapes),
  };
}
