import type { TxCtx } from '../../platform/context.ts';
import { printedNameKeys } from '../../platform/names/index.ts';
import { selectCases, selectPersons } from './candidate.store.ts';
import { isRemarkUnread, partnerNumbers } from './gather-forwarding.ts';
import type { Shapes } from './gather-forwarding.ts';
import type { OpenLine } from './line.store.ts';
import { selectNameHits } from './name-search.store.ts';
import type { NameHit, NameKeyQuery } from './name-search.store.ts';
import { namedIds, withPartnerNumbers } from './number-evidence.rules.ts';
import type { Named } from './number-evidence.rules.ts';
import { payerEvidence, receiverEvidence } from './person.rules.ts';
import type { CaseView } from './person.rules.ts';
import { relation } from './printed-number.rules.ts';
import { ONE_SIDED_MAX } from './remittance.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence } from './remittance.rules.ts';

/** How many cases are looked at for the names of one line; beyond them names alone prove nothing. */
const CANDIDATES_MAX = { both: 60, one: ONE_SIDED_MAX } as const;

export type RemittanceFacts = { evidenceFor(line: OpenLine): RemittanceEvidence };

export type Caseload = { readonly counties: ReadonlySet<string>; readonly caseCount: number };

/** Looks up what a batch of remittance lines may need: cases by their numbers and, for lines without one, by both names. */
export async function gatherRemittance(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes, caseload: Caseload): Promise<RemittanceFacts> {
  const ownNumbers = await partnerNumbers(ctx, lines, shapes);
  const numbers = new Map(lines.map((l) => [l.place, withPartnerNumbers(namedIds(l.givenCaseId, l.note, shapes.cases), ownNumbers.get(l.place) ?? [])]));
  const found = await selectCases(ctx, [...new Set([...numbers.values()].flatMap((n) => n.map((c) => c.id)))]);
  const searching = lines.filter((l) => !numbers.get(l.place)?.some((c) => found.has(c.id)) && ['agrees', 'no_credit'].includes(l.transfer));
  const numbered = new Map(searching.flatMap((l) => (l.givenCaseId === null ? [] : [[l.place, l.givenCaseId] as const])));
  const all = await selectNameHits(ctx, searching.flatMap(keysOf), CANDIDATES_MAX, [...numbered.keys()]);
  const hits = Map.groupBy(all.filter((h) => isLookedAt(h) || relation(numbered.get(h.place) ?? '', h.caseId) !== 'other'), (h) => h.place);
  const named = new Set<string>([...hits.values()].flatMap((h) => h.map((x) => x.caseId)));
  const more = await selectCases(ctx, [...named].filter((id) => !found.has(id)));
  const cases = new Map([...found, ...more]);
  const persons = await selectPersons(ctx, [...cases.keys()]);
  const views = new Map<string, CaseView>([...cases].map(([id, c]) => [id, { ...c, persons: persons.get(id) ?? [] }]));
  return { evidenceFor: (line) => evidenceOf(line, numbers.get(line.place) ?? [], found, hits.get(line.place) ?? [], views, caseload, shapes) };
}

const isLookedAt = (h: NameHit): boolean => h.rank <= (h.sides === 3 ? CANDIDATES_MAX.both : CANDIDATES_MAX.one);

/** How many share one name as much as the last of those that were looked at; 0 where all were. */
function unseen(hits: readonly NameHit[], side: 1 | 2): number {
  return Math.max(0, ...hits.filter((h) => h.sides === side && isLookedAt(h) && h.total > CANDIDATES_MAX.one).map((h) => h.alike));
}

function keysOf(line: OpenLine): NameKeyQuery[] {
  const keys = (text: string, side: 1 | 2): NameKeyQuery[] => printedNameKeys(text).map((key) => ({ place: line.place, side, key }));
  return [...keys(line.obligorName, 1), ...keys(line.obligeeName, 2)];
}

function evidenceOf(line: OpenLine, numbers: readonly Named[], found: ReadonlyMap<string, unknown>, hits: readonly NameHit[],
  views: ReadonlyMap<string, CaseView>, caseload: Caseload, shapes: Shapes): RemittanceEvidence {
  const namedCases = numbers.filter((c) => found.has(c.id)).map((c) => ({ caseId: c.id, strength: c.strength, inText: c.inText }));
  const caseIds = namedCases.length > 0 ? namedCases.map((c) => c.caseId) : hits.map((h) => h.caseId);
  const candidates = [...new Set(caseIds)].flatMap((id): RemittanceCandidate[] => {
    const view = views.get(id);
    if (view === undefined) return [];
    return [{ caseId: id, county: view.county, isOpen: view.status === 'open', payer: payerEvidence(line.obligorName, view), receiver: receiverEvidence(line.obligeeName, view) }];
  });
  return {
    transfer: line.transfer, feeTaken: line.feeTaken, namedCases, candidates, counties: caseload.counties, caseCount: caseload.caseCount,
    isCut: hits.some((h) => h.sides === 3 && h.total > CANDIDATES_MAX.both), areKeysCut: hits.some((h) => h.isCut),
    unseen: { payers: unseen(hits, 1), receivers: unseen(hits, 2) }, isRemarkUnread: isRemarkUnread(line.note, shapes),
  };
}
