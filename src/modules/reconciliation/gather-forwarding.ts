import type { TxCtx } from '../../platform/context.ts';
import { selectCases, selectCasesByAmount, selectDisbursements, selectDisbursementsOfCases, selectPersons } from './candidate.store.ts';
import type { Disbursement, ForwardingEvidence, PayeeCandidate } from './forwarding.rules.ts';
import type { OpenLine } from './line.store.ts';
import { namedIds } from './number-evidence.rules.ts';
import type { Named } from './number-evidence.rules.ts';
import { better, receiverEvidence, textEvidence } from './person.rules.ts';
import type { CaseView, NameEvidence, Person } from './person.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

export type Shapes = { readonly cases: readonly NumberShape[]; readonly disbursements: readonly NumberShape[] };

type Numbers = { readonly disbursements: readonly Named[]; readonly cases: readonly Named[] };

/** All that the database knows about a batch of lines; evidence for one line is made from it when its turn comes. */
export type ForwardingFacts = {
  evidenceFor(line: OpenLine): ForwardingEvidence;
};

/**
 * Looks everything up that a batch of forwarding lines may need, in a handful of queries for all of them. `settled` tells what
 * earlier lines of the same file have settled; the database knows the rest.
 */
export async function gatherForwarding(ctx: TxCtx, lines: readonly OpenLine[], shapes: Shapes, settled: ReadonlyMap<string, string>): Promise<ForwardingFacts> {
  const numbers = new Map(lines.map((l) => [l.place, {
    disbursements: namedIds(l.givenDisbursementId, l.note, shapes.disbursements), cases: namedIds(l.givenCaseId, l.note, shapes.cases),
  } satisfies Numbers]));
  const ids = [...numbers.values()];
  const disbursements = await selectDisbursements(ctx, [...new Set(ids.flatMap((n) => n.disbursements.map((d) => d.id)))]);
  const cases = await selectCases(ctx, [...new Set(ids.flatMap((n) => n.cases.map((c) => c.id)))]);
  const without = lines.filter((l) => !numbers.get(l.place)?.disbursements.some((d) => disbursements.has(d.id)));
  const nameless = without.filter((l) => !numbers.get(l.place)?.cases.some((c) => cases.has(c.id)));
  const partnerId = lines[0]?.partnerId ?? '';
  const byAmount = await selectCasesByAmount(ctx, partnerId, nameless.filter((l) => l.amountMinor !== null && l.happenedOn !== null)
    .map((l) => ({ place: l.place, amountMinor: l.amountMinor as bigint, on: l.happenedOn as string })));
  const searched = new Set<string>([...byAmount.values()].flatMap((c) => [...c]));
  for (const l of without) for (const c of numbers.get(l.place)?.cases ?? []) if (cases.has(c.id)) searched.add(c.id);
  const ofCase = await selectDisbursementsOfCases(ctx, partnerId, [...searched]);
  const doubtful = lines.flatMap((l) => namedOf(numbers.get(l.place), disbursements).filter((d) => textEvidence(l.payeeName, d.disbursement.payeeName)?.score !== 1)
    .map((d) => d.disbursement.caseId));
  const persons = await selectPersons(ctx, [...new Set([...searched, ...doubtful])]);
  return new Facts(numbers, disbursements, cases, byAmount, ofCase, persons, settled);
}

function namedOf(numbers: Numbers | undefined, disbursements: ReadonlyMap<string, Disbursement>): { disbursement: Disbursement; inText: boolean }[] {
  return (numbers?.disbursements ?? []).flatMap((n) => {
    const disbursement = disbursements.get(n.id);
    return disbursement === undefined ? [] : [{ disbursement, inText: n.inText }];
  });
}

class Facts implements ForwardingFacts {
  readonly #numbers: ReadonlyMap<number, Numbers>;
  readonly #disbursements: ReadonlyMap<string, Disbursement>;
  readonly #cases: ReadonlyMap<string, Omit<CaseView, 'persons'>>;
  readonly #byAmount: ReadonlyMap<number, ReadonlySet<string>>;
  readonly #ofCase: ReadonlyMap<string, readonly Disbursement[]>;
  readonly #persons: ReadonlyMap<string, readonly Person[]>;
  readonly #settled: ReadonlyMap<string, string>;

  constructor(numbers: ReadonlyMap<number, Numbers>, disbursements: ReadonlyMap<string, Disbursement>, cases: ReadonlyMap<string, Omit<CaseView, 'persons'>>,
    byAmount: ReadonlyMap<number, ReadonlySet<string>>, ofCase: ReadonlyMap<string, readonly Disbursement[]>, persons: ReadonlyMap<string, readonly Person[]>,
    settled: ReadonlyMap<string, string>) {
    this.#numbers = numbers;
    this.#disbursements = disbursements;
    this.#cases = cases;
    this.#byAmount = byAmount;
    this.#ofCase = ofCase;
    this.#persons = persons;
    this.#settled = settled;
  }

  evidenceFor(line: OpenLine): ForwardingEvidence {
    const numbers = this.#numbers.get(line.place);
    const named = namedOf(numbers, this.#disbursements).map(({ disbursement, inText }) => {
      const current = this.#current(disbursement);
      return { disbursement: current, name: this.#payee(line, current.caseId, current.payeeName), inText };
    });
    const namedCases = (numbers?.cases ?? []).filter((c) => this.#cases.has(c.id)).map((c) => ({ caseId: c.id, strength: c.strength, inText: c.inText }));
    if (named.length > 0) return { named, namedCases, candidates: [] };
    const caseIds = namedCases.length > 0 ? namedCases.map((c) => c.caseId) : [...(this.#byAmount.get(line.place) ?? [])];
    return { named, namedCases, candidates: caseIds.map((caseId) => this.#candidate(line, caseId)) };
  }

  #candidate(line: OpenLine, caseId: string): PayeeCandidate {
    const fitting = (this.#ofCase.get(caseId) ?? []).filter((d) => d.amountMinor === line.amountMinor && d.currency === line.currency && d.issuedOn <= (line.happenedOn ?? ''));
    const [latest, ...older] = fitting.map((d) => this.#current(d));
    return { caseId, name: this.#payee(line, caseId, latest?.payeeName ?? ''), latest: latest ?? null, older };
  }

  #current(disbursement: Disbursement): Disbursement {
    const settledOn = this.#settled.get(disbursement.disbursementId);
    return settledOn === undefined ? disbursement : { ...disbursement, settledOn };
  }

  #payee(line: OpenLine, caseId: string, ours: string): NameEvidence {
    const onPaper = textEvidence(line.payeeName, ours);
    if (onPaper?.score === 1) return onPaper;
    const persons = this.#persons.get(caseId);
    if (persons === undefined) return onPaper;
    return better(onPaper, receiverEvidence(line.payeeName, { caseId, county: '', status: 'open', closedOn: null, persons }));
  }
}
