import type { TxCtx } from '../../../platform/context.ts';
import { printedNameKeys } from '../../../platform/names/index.ts';
import { selectCases, selectDisbursements, selectPartnerNumbers, selectPersons } from './candidate.store.ts';
import type { Disbursement, ForwardingEvidence, PayeeCandidate } from './forwarding.rules.ts';
import { rarestBearers } from './bearers.rules.ts';
import { countKeyBearers } from './name-search.store.ts';
import type { OpenLine } from '../runs/line.store.ts';
import { namedIds, withPartnerNumbers } from './number-evidence.rules.ts';
import type { Named } from './number-evidence.rules.ts';
import { caseAmountKey, searchPayees, selectDisbursementsOfCases } from './payee-search.store.ts';
import type { CaseAmount, PayeeSearch } from './payee-search.store.ts';
import { better, receiverEvidence, textEvidence } from './person.rules.ts';
import type { CaseView, NameEvidence, Person } from './person.rules.ts';
import { isRemarkUnread } from './shapes.rules.ts';
import type { Shapes } from './shapes.rules.ts';

type Numbers = { readonly disbursements: readonly Named[]; readonly cases: readonly Named[] };

/** All that the database knows about a batch of lines; evidence for one line is made from it when its turn comes. */
export type ForwardingFacts = {
  evidenceFor(line: OpenLine): ForwardingEvidence;
};

/**
 * Looks everything up that a batch of forwarding lines may need, in a handful of queries for all of them. `settled` tells what
 * earlier lines of the same file have settled; the database knows the rest.
 */
export async function gatherForwarding(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes, settled: ReadonlyMap<string, string>, caseCount: number): Promise<ForwardingFacts> {
  const ownNumbers = await partnerNumbers(ctx, lines, shapes);
  const numbers = new Map(lines.map((l) => [l.place, {
    disbursements: namedIds(l.givenDisbursementId, l.note, shapes.disbursements),
    cases: withPartnerNumbers(namedIds(l.givenCaseId, l.note, shapes.cases), ownNumbers.get(l.place) ?? []),
  } satisfies Numbers]));
  const ids = [...numbers.values()];
  const disbursements = await selectDisbursements(ctx, [...new Set(ids.flatMap((n) => n.disbursements.map((d) => d.id)))]);
  const cases = await selectCases(ctx, [...new Set(ids.flatMap((n) => n.cases.map((c) => c.id)))]);
  const without = lines.filter((l) => !numbers.get(l.place)?.disbursements.some((d) => disbursements.has(d.id)));
  const nameless = without.filter((l) => !numbers.get(l.place)?.cases.some((c) => cases.has(c.id)));
  const partnerId = lines[0]?.partnerId ?? '';
  const byAmount = await searchPayees(ctx, partnerId, nameless.flatMap((l) => (l.amountMinor === null || l.currency === null || l.happenedOn === null ? [] : [{
    place: l.place, payeeName: l.payeeName, keys: printedNameKeys(l.payeeName), amountMinor: l.amountMinor, currency: l.currency, on: l.happenedOn,
  }])));
  const amounts = without.flatMap((l) => casesToSearch(l, numbers.get(l.place), cases, byAmount).flatMap((caseId): CaseAmount[] =>
    (l.amountMinor === null || l.currency === null ? [] : [{ caseId, amountMinor: l.amountMinor, currency: l.currency }])));
  const ofCase = await selectDisbursementsOfCases(ctx, partnerId, amounts);
  const searched = new Set(without.flatMap((l) => casesToSearch(l, numbers.get(l.place), cases, byAmount)));
  const doubtful = lines.flatMap((l) => namedOf(numbers.get(l.place), disbursements).filter((d) => textEvidence(l.payeeName, d.disbursement.payeeName)?.score !== 1)
    .map((d) => d.disbursement.caseId));
  const persons = await selectPersons(ctx, [...new Set([...searched, ...doubtful])]);
  const bearers = await countKeyBearers(ctx, nameless.flatMap((l) => printedNameKeys(l.payeeName).map((key) => ({ side: 2 as const, key }))));
  return new Facts({ bearers, caseCount, numbers, disbursements, cases, byAmount, ofCase, persons, settled, shapes });
}

/** The cases that a line names; where it names none, those that its payee and amount may mean. */
function casesToSearch(line: OpenLine, numbers: Numbers | undefined, cases: ReadonlyMap<string, unknown>, byAmount: ReadonlyMap<number, PayeeSearch>): readonly string[] {
  const named = (numbers?.cases ?? []).filter((c) => cases.has(c.id)).map((c) => c.id);
  return named.length > 0 ? named : byAmount.get(line.place)?.caseIds ?? [];
}

/** Cases that the lines name by the partner's own file numbers, by place; most partners have none that we know of. */
export async function partnerNumbers(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes): Promise<ReadonlyMap<number, readonly string[]>> {
  const partnerId = lines[0]?.partnerId ?? '';
  if (!shapes.partners.has(partnerId)) return new Map();
  return selectPartnerNumbers(ctx, partnerId, lines.flatMap((l) => (l.givenCaseId === null ? [] : [{ place: l.place, text: l.givenCaseId }])));
}

function namedOf(numbers: Numbers | undefined, disbursements: ReadonlyMap<string, Disbursement>): { disbursement: Disbursement; inText: boolean }[] {
  return (numbers?.disbursements ?? []).flatMap((n) => {
    const disbursement = disbursements.get(n.id);
    return disbursement === undefined ? [] : [{ disbursement, inText: n.inText }];
  });
}

type Found = {
  readonly numbers: ReadonlyMap<number, Numbers>;
  readonly disbursements: ReadonlyMap<string, Disbursement>;
  readonly cases: ReadonlyMap<string, Omit<CaseView, 'persons'>>;
  readonly byAmount: ReadonlyMap<number, PayeeSearch>;
  readonly ofCase: { readonly byCase: ReadonlyMap<string, readonly Disbursement[]>; readonly cut: ReadonlySet<string> };
  readonly persons: ReadonlyMap<string, readonly Person[]>;
  readonly settled: ReadonlyMap<string, string>;
  readonly shapes: Shapes;
  readonly bearers: ReadonlyMap<string, number>;
  readonly caseCount: number;
};

/** What a line says that no earlier line of its file changes. */
type Told = Pick<ForwardingEvidence, 'named' | 'namedCases' | 'isRemarkUnread' | 'caseCount' | 'payeeBearers'>;

class Facts implements ForwardingFacts {
  readonly #found: Found;
  // A line is looked at twice: for what it competes with, and for itself when its turn comes.
  readonly #told = new Map<number, Told>();
  readonly #names = new Map<string, NameEvidence>();

  constructor(found: Found) {
    this.#found = found;
  }

  evidenceFor(line: OpenLine): ForwardingEvidence {
    const told = this.#told.get(line.place) ?? this.#tell(line);
    if (told.named.length > 0) return { ...told, named: told.named.map((n) => ({ ...n, disbursement: this.#current(n.disbursement) })), candidates: [], reach: 'all' };
    const caseIds = casesToSearch(line, this.#found.numbers.get(line.place), this.#found.cases, this.#found.byAmount);
    return { ...told, candidates: caseIds.map((caseId) => this.#candidate(line, caseId)), reach: this.#found.byAmount.get(line.place)?.reach ?? 'all' };
  }

  #tell(line: OpenLine): Told {
    const numbers = this.#found.numbers.get(line.place);
    const named = namedOf(numbers, this.#found.disbursements).map(({ disbursement, inText }) => ({ disbursement, name: this.#payee(line, disbursement.caseId, disbursement.payeeName), inText }));
    const namedCases = (numbers?.cases ?? []).filter((c) => this.#found.cases.has(c.id)).map((c) => ({ caseId: c.id, strength: c.strength, inText: c.inText }));
    const told: Told = {
      named, namedCases, isRemarkUnread: isRemarkUnread(line.note, this.#found.shapes), caseCount: this.#found.caseCount,
      // Only lines without a number of ours are weighed by names, and only for them was it counted.
      payeeBearers: named.length > 0 || namedCases.length > 0 ? null : rarestBearers(line.payeeName, 2, this.#found.bearers),
    };
    this.#told.set(line.place, told);
    return told;
  }

  #candidate(line: OpenLine, caseId: string): PayeeCandidate {
    const fitting = (this.#found.ofCase.byCase.get(caseId) ?? []).filter((d) => d.amountMinor === line.amountMinor && d.currency === line.currency && d.issuedOn <= (line.happenedOn ?? ''));
    const [latest, ...older] = fitting.map((d) => this.#current(d));
    const isCut = line.amountMinor !== null && line.currency !== null && this.#found.ofCase.cut.has(caseAmountKey({ caseId, amountMinor: line.amountMinor, currency: line.currency }));
    return { caseId, name: this.#payee(line, caseId, latest?.payeeName ?? ''), latest: latest ?? null, older, isCut };
  }

  #current(disbursement: Disbursement): Disbursement {
    const settledOn = this.#found.settled.get(disbursement.disbursementId);
    return settledOn === undefined ? disbursement : { ...disbursement, settledOn };
  }

  #payee(line: OpenLine, caseId: string, ours: string): NameEvidence {
    const key = `${caseId}/${line.payeeName}/${ours}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const evidence = this.#comparePayee(line, caseId, ours);
    this.#names.set(key, evidence);
    return evidence;
  }

  #comparePayee(line: OpenLine, caseId: string, ours: string): NameEvidence {
    const onPaper = textEvidence(line.payeeName, ours);
    if (onPaper?.score === 1) return onPaper;
    const persons = this.#found.persons.get(caseId);
    if (persons === undefined) return onPaper;
    return better(onPaper, receiverEvidence(line.payeeName, { caseId, county: '', status: 'open', closedOn: null, persons }));
  }
}
