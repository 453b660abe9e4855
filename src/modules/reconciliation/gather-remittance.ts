import type { TxCtx } from '../../platform/context.ts';
import { printedNameKeys } from '../../platform/names/index.ts';
import { selectCases, selectNameHits, selectPersons } from './candidate.store.ts';
import type { NameHit, NameKeyQuery } from './candidate.store.ts';
import type { Shapes } from './gather-forwarding.ts';
import type { OpenLine } from './line.store.ts';
import { namedIds } from './number-evidence.rules.ts';
import type { Named } from './number-evidence.rules.ts';
import { payerEvidence, receiverEvidence } from './person.rules.ts';
import type { CaseView } from './person.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence } from './remittance.rules.ts';

/** How many cases are looked at for the names of one line; beyond them names alone prove nothing. */
const CANDIDATES_MAX = { both: 60, one: 10 } as const;

export type RemittanceFacts = { evidenceFor(line: OpenLine): RemittanceEvidence };

export type Caseload = { readonly counties: ReadonlySet<string>; readonly caseCount: number };

/** Looks up what a batch of remittance lines may need: cases by their numbers and, for lines without one, by both names. */
export async function gatherRemittance(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes, caseload: Caseload): Promise<RemittanceFacts> {
  const numbers = new Map(lines.map((l) => [l.place, namedIds(l.givenCaseId, l.note, shapes.cases)]));
  const found = await selectCases(ctx, [...new Set([...numbers.values()].flatMap((n) => n.map((c) => c.id)))]);
  const searching = lines.filter((l) => !numbers.get(l.place)?.some((c) => found.has(c.id)) && ['agrees', 'no_credit'].includes(l.transfer));
  const hits = Map.groupBy(await selectNameHits(ctx, searching.flatMap(keysOf), CANDIDATES_MAX), (h) => h.place);
  const named = new Set<string>([...hits.values()].flatMap((h) => h.map((x) => x.caseId)));
  const more = await selectCases(ctx, [...named].filter((id) => !found.has(id)));
  const cases = new Map([...found, ...more]);
  const persons = await selectPersons(ctx, [...cases.keys()]);
  const views = new Map<string, CaseView>([...cases].map(([id, c]) => [id, { ...c, persons: persons.get(id) ?? [] }]));
  return { evidenceFor: (line) => evidenceOf(line, numbers.get(line.place) ?? [], found, hits.get(line.place) ?? [], views, caseload) };
}

function keysOf(line: OpenLine): NameKeyQuery[] {
  const keys = (text: string, side: 1 | 2): NameKeyQuery[] => printedNameKeys(text).map((key) => ({ place: line.place, side, key }));
  return [...keys(line.obligorName, 1), ...keys(line.obligeeName, 2)];
}

function evidenceOf(line: OpenLine, numbers: readonly Named[], found: ReadonlyMap<string, unknown>, hits: readonly NameHit[],
  views: ReadonlyMap<string, CaseView>, caseload: Caseload): RemittanceEvidence {
  const namedCases = numbers.filter((c) => found.has(c.id)).map((c) => ({ caseId: c.id, strength: c.strength, inText: c.inText }));
  const caseIds = namedCases.length > 0 ? namedCases.map((c) => c.caseId) : hits.map((h) => h.caseId);
  const candidates = [...new Set(caseIds)].flatMap((id): RemittanceCandidate[] => {
    const view = views.get(id);
    if (view === undefined) return [];
    return [{ caseId: id, county: view.county, isOpen: view.status === 'open', payer: payerEvidence(line.obligorName, view), receiver: receiverEvidence(line.obligeeName, view) }];
  });
  return {
    transfer: line.transfer, feeTaken: line.feeTaken, namedCases, candidates, counties: caseload.counties, caseCount: caseload.caseCount,
    isCut: (hits[0]?.total ?? 0) > CANDIDATES_MAX.both,
  };
}
