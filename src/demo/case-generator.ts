import { addDays, addMonths } from '../platform/dates.ts';
import { formatMajor } from '../platform/money.ts';
import type { Balance, HistoryEntry, Obligation, Participant, SupportCase, SupportOrder } from '../modules/cases/index.ts';
import { COUNTY_PLACES } from './case-names.ts';
import { makeChild, makePerson } from './person-generator.ts';
import type { Origin } from './person-generator.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';

/** One line of an extract before it is written as JSON (contract 1). */
export type CaseExtractRecord = SupportCase;
export interface CaseGeneratorOptions { seed: number; count: number }

/** The caseload as of this day; nothing in it is later. */
const AS_OF = '2026-08-31';
const HISTORY_MONTHS = 14;

/**
 * Fictional cases, the same for the same seed: two thirds touch Mexico, a quarter Korea, the rest stays in California. Every
 * check digit is right; social security numbers begin with 919, which is never issued, and telephones are 555 numbers.
 */
export function* generateCases({ seed, count }: CaseGeneratorOptions): Generator<CaseExtractRecord> {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i++) yield makeCase(random, i);
}

type County = keyof typeof COUNTY_PLACES;

function makeCase(random: Random, index: number): CaseExtractRecord {
  const county: County = random.chance(0.65) ? '06037' : '06025';
  const [payer, payee] = origins(random);
  const openedOn = addDays('2012-01-09', random.integer(0, 4_900));
  const isEstablishment = random.chance(0.08);
  const status = !isEstablishment && random.chance(0.06) ? 'closed' : 'open';
  const people = makeParticipants(random, { county, payer, payee, openedOn, isEstablishment });
  const orders = isEstablishment ? [] : [makeOrder(random, people, county, openedOn, [payer, payee])];
  const supportCase: CaseExtractRecord = {
    extractVersion: '1.0',
    caseId: county === '06025' ? `IM-${String(1_000_000 + index)}` : String(2_600_000_000_000 + index),
    county, status,
    ...(status === 'closed' ? { closedOn: addDays('2025-06-01', random.integer(0, 420)) } : {}),
    assistance: random.pick(['never', 'never', 'never', 'former', 'former', 'current', 'medicaid_only', 'foster_care', 'non_iv_d']),
    openedOn, participants: people, orders, balances: makeBalances(random, orders),
  };
  if (orders.length > 0 && random.chance(0.4)) supportCase.history = makeHistory(random, orders[0] as SupportOrder);
  if (random.chance(0.1)) supportCase.partnerCaseNumbers = [partnerNumber(random, county, payer === 'KR' || payee === 'KR')];
  return supportCase;
}

function origins(random: Random): [Origin, Origin] {
  const abroad: Origin = random.chance(0.73) ? 'MX' : 'KR';
  if (random.chance(0.1)) return ['US', 'US'];
  // Who lives abroad: the payee more often than the payer.
  return random.chance(0.6) ? ['US', abroad] : [abroad, 'US'];
}

interface Household { county: County; payer: Origin; payee: Origin; openedOn: string; isEstablishment: boolean }

function makeParticipants(random: Random, { county, payer, payee, openedOn, isEstablishment }: Household): Participant[] {
  const abroad = payer === 'US' ? payee : payer;
  // Whoever lives here often comes from the same country as the other parent.
  const heritage = (lives: Origin): Origin => (lives === 'US' && abroad !== 'US' && random.chance(0.8) ? abroad : lives);
  const obligor = makePerson(random, { participantId: 'P1', role: isEstablishment ? 'alleged_parent' : 'obligor', origin: heritage(payer), lives: payer, county });
  const obligee = makePerson(random, { participantId: 'P2', role: random.chance(0.07) ? 'caretaker' : 'obligee', origin: heritage(payee), lives: payee, county });
  if (random.chance(0.05)) {
    obligee.nondisclosure = { basis: random.pick(['affidavit', 'court_order', 'family_violence_indicator', 'good_cause']), on: addDays(openedOn, random.integer(5, 90)) };
  }
  const children = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_, i) => makeChild(random, { participantId: `P${i + 3}`, father: obligor, mother: obligee, before: openedOn, origin: abroad }));
  return [obligor, obligee, ...children];
}

function makeOrder(random: Random, people: readonly Participant[], county: County, openedOn: string, [payer, payee]: readonly [Origin, Origin]): SupportOrder {
  const issuedOn = addDays(openedOn, random.integer(60, 400)) > AS_OF ? AS_OF : addDays(openedOn, random.integer(30, 60));
  const dependents = people.filter((person) => person.role === 'dependent').map((person) => person.participantId);
  const startsOn = `${addMonths(issuedOn, 1).slice(0, 8)}01`;
  const obligation = (n: number, kind: Obligation['kind'], minor: bigint, to: string[]): Obligation => ({
    obligationId: `OB${n}`, kind, amount: formatMajor(minor, 'USD'), currency: 'USD', frequency: 'monthly', startsOn, dependents: to,
  });
  const monthly = BigInt(random.integer(12_000, 130_000)) / 100n * 100n;
  const obligations = [obligation(1, 'child_support', monthly, dependents)];
  if (random.chance(0.15)) obligations.push(obligation(2, 'medical_support', BigInt(random.integer(15, 90)) * 100n, dependents));
  if (random.chance(0.12)) obligations.push(obligation(3, 'arrears_payment', BigInt(random.integer(20, 150)) * 100n, []));
  const abroad = payer === 'US' ? payee : payer;
  const isForeign = abroad !== 'US' && random.chance(0.06);
  const forum = !isForeign ? { tribunal: COUNTY_PLACES[county].court, jurisdiction: 'US-CA', docketNumber: `BY${random.integer(300_000, 799_999)}` }
    : abroad === 'KR' ? { tribunal: '서울가정법원', jurisdiction: 'KR', docketNumber: `${openedOn.slice(0, 4)}드단${random.integer(1_000, 89_999)}` }
      : { tribunal: 'Juzgado Segundo de lo Familiar', jurisdiction: 'MX-BC', docketNumber: `${random.integer(100, 2_400)}/${openedOn.slice(0, 4)}` };
  return { orderId: 'O1', ...forum, issuedOn, parentageEstablished: true, obligations };
}

function makeBalances(random: Random, orders: readonly SupportOrder[]): Balance[] {
  if (orders.length === 0) return [];
  const balance = (bucket: Balance['bucket'], amount: string): Balance => ({ bucket, amount, currency: 'USD', asOf: AS_OF });
  const monthly = (orders[0] as SupportOrder).obligations[0] as Obligation;
  const balances = [balance('current_support', monthly.amount), balance('arrears_unassigned', formatMajor(BigInt(random.integer(0, 1_800_000)), 'USD'))];
  if (random.chance(0.35)) balances.push(balance('arrears_assigned', formatMajor(BigInt(random.integer(1_000, 900_000)), 'USD')));
  if (random.chance(0.5)) balances.push(balance('interest', formatMajor(BigInt(random.integer(500, 400_000)), 'USD')));
  return balances;
}

/** The last months as the county's ledger has them: what fell due, and what was paid of it. */
function makeHistory(random: Random, order: SupportOrder): HistoryEntry[] {
  const { amount } = order.obligations[0] as Obligation;
  const entries: HistoryEntry[] = [];
  for (let back = HISTORY_MONTHS; back > 0; back--) {
    const month = addMonths('2026-08-01', 1 - back);
    if (month < order.issuedOn) continue;
    entries.push({ kind: 'charge', on: month, amount, currency: 'USD', bucket: 'current_support' });
    if (random.chance(0.7)) entries.push({ kind: 'payment', on: addDays(month, random.integer(3, 24)), amount, currency: 'USD', bucket: 'current_support' });
  }
  return entries;
}

function partnerNumber(random: Random, county: County, isKorean: boolean): { partner: string; value: string } {
  if (isKorean) return { partner: 'kr-kcsa', value: `KC-${random.integer(2019, 2026)}-${random.integer(10_000, 99_999)}` };
  return { partner: county === '06037' ? 'mx-consulate-los-angeles' : 'mx-consulate-calexico', value: `PA-${random.integer(10_000, 99_999)}/${random.integer(2018, 2026)}` };
}
