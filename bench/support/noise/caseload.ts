import type { Random } from '../../../src/demo/random.ts';
import { fullName, lookKey, makePerson, plain, sibling } from './persons.ts';
import type { Person } from './persons.ts';

export type HardCase = {
  readonly caseId: string; readonly county: string; readonly isOpen: boolean; readonly isKorean: boolean; readonly payer: Person; readonly receiver: Person; readonly child: Person;
  readonly amountMinor: number; readonly partner: string;
};

const PARTNERS: Readonly<Record<string, string>> = { la: 'mx-consulate-los-angeles', cx: 'mx-consulate-calexico', kr: 'kr-kcsa' };

function persons(before: HardCase | undefined, isKorean: boolean, random: Random): { payer: Person; receiver: Person } {
  const payer = makePerson(random.chance(0.8) ? 'm' : 'f', isKorean, random);
  const receiver = makePerson(payer.sex === 'm' ? 'f' : 'm', isKorean, random);
  if (before?.isKorean !== isKorean) return { payer, receiver };
  const draw = random.next();
  if (draw < 0.015) return { payer: before.payer, receiver: before.receiver };
  if (draw < 0.035) return { payer: before.payer, receiver };
  if (draw < 0.05) return { payer, receiver: before.receiver };
  if (draw < 0.07) return { payer: sibling(before.payer, random), receiver };
  if (draw < 0.08) return { payer: sibling(before.payer, random), receiver: sibling(before.receiver, random) };
  // Father and son of one name, each with a case.
  if (draw < 0.09) return { payer: { ...before.payer, second: makePerson('m', isKorean, random).second }, receiver };
  return { payer, receiver };
}

export function makeCaseload(count: number, random: Random): HardCase[] {
  const cases: HardCase[] = [];
  let number = 4_100_000;
  for (let i = 0; i < count; i++) {
    const where = random.pick(['la', 'la', 'la', 'cx', 'kr']);
    const isKorean = where === 'kr';
    number += random.pick([1, 1, 2, 5, 9, 13]);
    const { payer, receiver } = persons(cases[i - 1], isKorean, random);
    const child = isKorean ? makePerson('f', true, random) : { ...makePerson('f', false, random), family: payer.family, second: receiver.family };
    cases.push({
      caseId: where === 'cx' ? `IM-${String(number - 4_060_000).padStart(7, '0')}` : `200000${number}`, county: where === 'cx' ? '06025' : '06037', isOpen: !random.chance(0.04), isKorean, payer, receiver, child,
      // Round amounts are many people's.
      amountMinor: random.chance(0.4) ? random.integer(2, 18) * 5_000 : random.integer(8_000, 120_000), partner: PARTNERS[where] as string,
    });
  }
  return cases;
}

const nameOf = (p: Person): Record<string, string> => ({ given: p.given, family: p.family, ...(p.second === null ? {} : { secondFamily: p.second }), ...(p.native === null ? {} : { native: p.native }) });

export function extractLine(c: HardCase): string {
  return JSON.stringify({
    extractVersion: '1.0', caseId: c.caseId, county: c.county, status: c.isOpen ? 'open' : 'closed', ...(c.isOpen ? {} : { closedOn: '2026-02-01' }), assistance: 'never', openedOn: '2020-01-01',
    participants: [{ participantId: 'P1', role: 'obligor', name: nameOf(c.payer) }, { participantId: 'P2', role: 'obligee', name: nameOf(c.receiver) }, { participantId: 'P3', role: 'dependent', name: nameOf(c.child) }],
    orders: [], balances: [],
  });
}

/** Who could be taken for whom, so that the truth of a line without a number is known. */
export class Lookalikes {
  readonly #payers = new Map<string, Set<string>>();
  readonly #receivers = new Map<string, Set<string>>();
  constructor(cases: readonly HardCase[]) {
    const add = (index: Map<string, Set<string>>, p: Person, caseId: string): void => {
      for (const key of lookKey(p)) index.set(key, (index.get(key) ?? new Set()).add(caseId));
    };
    for (const c of cases) {
      add(this.#payers, c.payer, c.caseId);
      add(this.#receivers, c.receiver, c.caseId);
    }
  }

  #of(index: ReadonlyMap<string, Set<string>>, p: Person): Set<string> {
    return new Set(lookKey(p).flatMap((key) => [...(index.get(key) ?? [])]));
  }

  /** Whether no other case has persons like both. */
  isOnlyCouple(c: HardCase): boolean {
    const receivers = this.#of(this.#receivers, c.receiver);
    return ![...this.#of(this.#payers, c.payer)].some((id) => id !== c.caseId && receivers.has(id));
  }

  receiversLike(p: Person): Set<string> {
    return this.#of(this.#receivers, p);
  }
}

export const coupleKey = (c: HardCase): string => plain(`${fullName(c.payer)}/${fullName(c.receiver)}`).toLowerCase();
