import { findCase, findCasesByIdentifier, listCases } from '../../cases/index.ts';
import type { SupportCase } from '../../cases/index.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findReferral } from '../lifecycle/referral.store.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { findPacket } from '../packets/packet.store.ts';
import { resolveReference } from '../printing/resolve-reference.ts';
import type { IncomingDetails, NewIncoming } from './incoming.store.ts';
import type { IncomingFacts } from './incoming.rules.ts';
import { judgeCase, proposalOf } from './proposal.rules.ts';
import type { Found, Proposal } from './proposal.rules.ts';

export interface Proposed {
  readonly proposal: Proposal;
  /** For the agency alone: they tell what we hold. */
  readonly findings: readonly Finding[];
}

/** What is looked for where nothing but facts is known: an application, a message of another kind. */
export async function proposeCase(ctx: Ctx, { partnerId, facts }: { readonly partnerId: string; readonly facts: IncomingFacts }): Promise<Proposed> {
  return propose(ctx, { partnerId, facts, sender: 'theirs', senderPacketId: null, senderReferralId: null, sha256: '', kind: 'message', cover: null });
}

export type Sought = Pick<NewIncoming, 'partnerId' | 'sender' | 'senderPacketId' | 'senderReferralId' | 'sha256' | 'kind'> & Pick<IncomingDetails, 'facts' | 'cover'>;

/** So many cases are looked at in full, those with the most signs first. */
const JUDGED_MAX = 40;
const NAMESAKES_PAGE = 200;
const NAMESAKES_PAGES = 5;
const PERSONS_SOUGHT = 6;
const IDENTIFIERS_SOUGHT = 20;
const MISREAD: ReadonlySet<string> = new Set(['printing.reference_unreadable', 'printing.reference_mistyped']);

/**
 * Looks for the referral or the case that something belongs to. The gateway itself looks, in all counties: whoever sends must not be
 * answered by it, and whoever files need not see it.
 */
export async function propose(ctx: Ctx, sought: Sought): Promise<Proposed> {
  const gateway = ctx.tx ? ctx : withActor(ctx, { ...operatorActor(ctx.config), id: 'incoming', name: 'incoming', agency: ctx.actor.agency });
  return inTransaction(gateway, async (tx) => {
    const findings: Finding[] = [];
    const known = await referralOf(tx, sought, findings);
    const proposal = await caseProposal(tx, sought, findings);
    if (!known) return { proposal, findings };
    return { proposal: { kind: 'referral', referralId: known.referral.referralId, caseId: known.referral.caseId, reason: known.reason, candidates: proposal.candidates }, findings };
  });
}

interface KnownReferral {
  readonly referral: ReferralRow;
  readonly reason: string;
}

/** Our own packet come back, the code of a reference sheet, or our number of the referral. */
async function referralOf(ctx: TxCtx, sought: Sought, findings: Finding[]): Promise<KnownReferral | null> {
  const warn = (code: string): null => {
    findings.push({ code, severity: 'warn' });
    return null;
  };
  if (sought.sender === 'ours' && sought.senderPacketId !== null) {
    const packet = await findPacket(ctx, sought.senderPacketId);
    if (!packet) return warn('incoming.own_packet_unknown');
    if (packet.partnerId !== sought.partnerId) return warn('incoming.own_packet_other_partner');
    if (sought.kind === 'container' && packet.sha256 !== sought.sha256) warn('incoming.own_packet_differs');
    const referral = await findReferral(ctx, packet.referralId);
    return referral && { referral, reason: 'own_packet' };
  }
  const text = sought.cover?.reference ?? '';
  if (text !== '') {
    const { referralId, findings: faults } = await resolveReference(ctx, text);
    // That a code was misread is told with the cover already, also to the sender.
    findings.push(...faults.filter(({ code }) => !MISREAD.has(code)).map((fault) => ({ ...fault, severity: 'warn' as const })));
    const referral = referralId === null ? null : await findReferral(ctx, referralId);
    if (referral && referral.partnerId !== sought.partnerId) return warn('incoming.reference_other_partner');
    const said = sought.facts?.ourNumbers[0];
    if (referral && said !== undefined && said.toUpperCase() !== referral.caseId) warn('incoming.reference_other_case');
    if (referral) return { referral, reason: 'reference' };
  }
  if (sought.senderReferralId === null || !isId('ref', sought.senderReferralId)) return null;
  const referral = await findReferral(ctx, sought.senderReferralId);
  return referral?.partnerId === sought.partnerId ? { referral, reason: 'referral_number' } : null;
}

async function caseProposal(ctx: TxCtx, sought: Sought, findings: Finding[]): Promise<Proposal> {
  const { facts } = sought;
  if (facts === null) return { kind: 'candidates', candidates: [] };
  const signs = await signsOf(ctx, facts, findings);
  const ranked = [...signs].sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1)).slice(0, JUDGED_MAX);
  const judged = [];
  for (const [caseId, sign] of ranked) {
    const supportCase = await findCase(ctx, caseId);
    if (supportCase) judged.push(judgeCase(supportCase, facts, foundBy(supportCase, sign, facts, sought.partnerId)));
  }
  return proposalOf(judged, facts);
}

interface Sign {
  weight: number;
  readonly identifiers: Set<string>;
}

/** Case numbers under which anything at all was found, and how much. */
async function signsOf(ctx: TxCtx, facts: IncomingFacts, findings: Finding[]): Promise<Map<string, Sign>> {
  const signs = new Map<string, Sign>();
  const sign = (caseId: string, weight: number, identifier?: string): void => {
    const found = signs.get(caseId) ?? { weight: 0, identifiers: new Set<string>() };
    found.weight += weight;
    if (identifier !== undefined) found.identifiers.add(identifier);
    signs.set(caseId, found);
  };
  for (const number of [...facts.ourNumbers, ...facts.theirNumbers]) {
    if (!/\p{N}/u.test(number)) continue;
    for (const { caseId } of (await listCases(ctx, { search: number, pageSize: NAMESAKES_PAGE })).items) sign(caseId, 10);
  }
  for (const number of facts.ourNumbers) if (await findCase(ctx, number.toUpperCase())) sign(number.toUpperCase(), 10);
  const identifiers = facts.persons.flatMap((person) => person.identifiers).slice(0, IDENTIFIERS_SOUGHT);
  for (const { type, value } of identifiers) for (const caseId of await findCasesByIdentifier(ctx, type, value)) sign(caseId, 10, type);
  for (const person of facts.persons.slice(0, PERSONS_SOUGHT)) {
    for (const name of new Set([person.name, person.native ?? ''])) for (const caseId of await namesakes(ctx, name, findings)) sign(caseId, 1);
  }
  return signs;
}

async function namesakes(ctx: TxCtx, name: string, findings: Finding[]): Promise<Set<string>> {
  const found = new Set<string>();
  // A text with a digit is looked for as a number, and one without letters is no name.
  if (/\p{N}/u.test(name) || !/\p{L}/u.test(name)) return found;
  let after: string | null = null;
  for (let page = 0; page < NAMESAKES_PAGES; page++) {
    const { items, next }: Awaited<ReturnType<typeof listCases>> = await listCases(ctx, { search: name, pageSize: NAMESAKES_PAGE, ...(after === null ? {} : { after }) });
    for (const { caseId } of items) found.add(caseId);
    if (next === null) return found;
    after = next;
  }
  if (!findings.some(({ code }) => code === 'incoming.too_many_namesakes')) findings.push({ code: 'incoming.too_many_namesakes', severity: 'warn' });
  return found;
}

/** A search by number finds any partner's, and any identifier: what it was is read from the case itself. */
function foundBy(supportCase: SupportCase, sign: Sign, facts: IncomingFacts, partnerId: string): Found {
  const numbers = (supportCase.partnerCaseNumbers ?? []).filter(({ partner }) => partner === partnerId).map(({ value }) => value);
  return {
    byCaseNumber: facts.ourNumbers.some((number) => number.toUpperCase() === supportCase.caseId),
    byPartnerNumber: facts.theirNumbers.some((number) => numbers.includes(number)),
    byIdentifier: [...sign.identifiers],
  };
}
