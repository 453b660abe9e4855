import { findCase, findCasesByIdentifier, listCases, officeDay, protectedParticipants } from '../modules/cases/index.ts';
import type { SupportCase } from '../modules/cases/index.ts';
import type { CaseFacts, InquiryToAnswer, NumberKind } from '../modules/exchange/index.ts';
import { getReferral, listReferrals } from '../modules/referrals/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Ctx } from '../platform/context.ts';
import { isId } from '../platform/ids.ts';
import { formatMajor, parseMajor } from '../platform/money.ts';

const CASES_MAX = 10;
const SEARCHED_MAX = 50;
const REFERRALS_MAX = 50;

/** As far as a partner may know where a request stands. */
const SHARED = ['sent', 'delivered', 'forwarded', 'accepted', 'incomplete', 'refused', 'in_progress', 'answered', 'closed', 'withdrawn'];

/**
 * The cases to which the numbers of a question lead, each with what may be told of it to that partner. Names lead to none: nobody finds a case by asking
 * about a name.
 */
export async function gatherCaseFacts(ctx: Ctx, { partnerId, counties, details }: InquiryToAnswer): Promise<CaseFacts[]> {
  const found = new Map<string, Set<NumberKind>>();
  const add = (caseId: string, kind: NumberKind): void => void found.set(caseId, (found.get(caseId) ?? new Set<NumberKind>()).add(kind));
  if (details.caseNumber !== null) add(details.caseNumber.toUpperCase(), 'case_number');
  if (details.ourFileNumber !== null) for (const caseId of await casesOfOurFile(ctx, partnerId, details.ourFileNumber)) add(caseId, 'our_file');
  if (details.partnerFileNumber !== null) for (const caseId of await casesOfTheirFile(ctx, partnerId, details.partnerFileNumber)) add(caseId, 'partner_file');
  const byNumber = [...found.keys()];
  for (const { type, value } of details.person.identifiers ?? []) {
    const carrying = new Set(await findCasesByIdentifier(ctx, type, value));
    for (const caseId of byNumber) if (carrying.has(caseId)) add(caseId, 'identifier');
  }
  const facts: CaseFacts[] = [];
  for (const [caseId, kinds] of [...found].slice(0, CASES_MAX)) {
    const supportCase = await findCase(ctx, caseId);
    if (supportCase && counties.includes(supportCase.county)) facts.push(await factsOf(ctx, supportCase, partnerId, [...kinds]));
  }
  return facts;
}

/** Our file number is the case's own, or that of the request that the partner has before it. */
async function casesOfOurFile(ctx: Ctx, partnerId: string, number: string): Promise<string[]> {
  if (!isId('ref', number)) return [number.toUpperCase()];
  try {
    const referral = await getReferral(ctx, number);
    return referral.partnerId === partnerId ? [referral.caseId] : [];
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return [];
    throw error;
  }
}

const plain = (number: string): string => number.normalize('NFKC').replace(/\s+/gu, '').toUpperCase();

async function casesOfTheirFile(ctx: Ctx, partnerId: string, number: string): Promise<string[]> {
  if (!/\p{N}/u.test(number)) return [];
  const cases: string[] = [];
  const listed = new Set<string>();
  for (const search of new Set([number, number.toUpperCase()])) for (const { caseId } of (await listCases(ctx, { search, pageSize: SEARCHED_MAX })).items) listed.add(caseId);
  for (const caseId of listed) {
    const supportCase = await findCase(ctx, caseId);
    if (supportCase?.partnerCaseNumbers?.some((one) => one.partner === partnerId && plain(one.value) === plain(number))) cases.push(caseId);
  }
  return cases;
}

async function factsOf(ctx: Ctx, supportCase: SupportCase, partnerId: string, foundBy: NumberKind[]): Promise<CaseFacts> {
  const { caseId, county, status, closedOn = null, participants } = supportCase;
  const { rows } = await listReferrals(ctx, { caseId, partnerId, pageSize: REFERRALS_MAX });
  const payments = (supportCase.history ?? []).filter(({ kind, amount }) => kind === 'payment' && !amount.startsWith('-'));
  const last = payments.reduce<typeof payments[number] | null>((newest, one) => (newest === null || one.on > newest.on ? one : newest), null);
  return {
    caseId, county, status, closedOn, foundBy, isAnyoneProtected: protectedParticipants(supportCase, officeDay(ctx.clock)).size > 0,
    parties: participants.map(({ role, name, birthDate }) => ({ role, name, birthDate: birthDate ?? null })),
    referrals: rows.filter(({ status: at }) => SHARED.includes(at)).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
      .map((row) => ({ referralId: row.referralId, direction: row.direction, status: row.status })),
    lastPayment: last === null ? null : paidOn(payments, last.on, last.currency), balances: owed(supportCase),
  };
}

type Entry = NonNullable<SupportCase['history']>[number];

/** All that was received on that day: a payment is kept by what it was put to. */
function paidOn(payments: readonly Entry[], on: string, currency: string): { on: string; amount: string; currency: string } {
  const amounts = payments.filter((one) => one.on === on && one.currency === currency).map(({ amount }) => amount);
  return { on, currency, amount: sumOf(amounts, currency) };
}

/** What is owed, by currency; not by whom it is owed to, which would tell of aid. */
function owed({ balances }: SupportCase): CaseFacts['balances'] {
  const currencies = [...new Set(balances.map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const of = balances.filter((one) => one.currency === currency);
    return { currency, amount: sumOf(of.map(({ amount }) => amount), currency), asOf: of.map(({ asOf }) => asOf).sort()[0] ?? '' };
  });
}

function sumOf(amounts: readonly string[], currency: string): string {
  return formatMajor(amounts.reduce((sum, amount) => sum + (parseMajor(amount, currency) ?? 0n), 0n), currency);
}
