import { isAllowed } from '../../../platform/authorise.ts';
import type { Permission } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { conversationOfReferral } from '../../../modules/exchange/index.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { acknowledgeRecall, buildPacket, draftPacket, FINAL_STATES, getReferral, listIncoming, previewPacket, sendReferral } from '../../../modules/referrals/index.ts';
import type { PacketDraft, ReferralMove, ReferralView } from '../../../modules/referrals/index.ts';
import { hopLines, timelineLines } from '../../conversation-line.ts';
import { newFormId } from '../../form-id.ts';
import { allowingLines } from '../../agreement-line.ts';
import { hopName, movesToOffer, setsFor } from '../../referral-moves.ts';
import { clockLine, referralLine } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { leftToDo } from './left-to-do.ts';
import type { LeftAt } from './left-to-do.ts';

/** What the person typed into the form for sending, and what is wrong with it. */
interface Entered {
  approver: string;
  fault: 'missing' | 'invalid' | null;
}

/** A request and what followed it: a handful. */
const RECEIVED_SHOWN = 50;
const SAID_SHOWN = 40;
const DONE = ['created', 'sealed', 'same', 'sent', 'recalled'];
const RECALL = 'referral.disclosed_before_protection';
const PROBLEMS = ['agreement.none_allows', 'packet.incomplete', 'packet.outdated', 'referral.awaited_open'];
const IS_OVER: readonly string[] = FINAL_STATES;

async function show(visit: Visit, entered: Entered, status = 200): Promise<Reply> {
  const { ctx } = visit;
  const referral = await getReferral(ctx, pathText(visit, 'referralId'));
  if (ctx.actor.partner !== null) return redirect(`/inbox/${encodeURIComponent(referral.referralId)}`);
  const isOurs = referral.direction === 'outgoing';
  const draft = isOurs && !IS_OVER.includes(referral.status) && isAllowed(ctx, 'packets.build') ? await draftPacket(ctx, referral.referralId) : null;
  const [todo, allowed] = [whatToDo(visit, referral, draft), whatIsAllowed(visit, referral, draft)];
  const done = queryText(visit, 'done', 20);
  const problem = queryText(visit, 'problem', 40);
  const { rows: received } = isAllowed(ctx, 'incoming.view') ? await listIncoming(ctx, { referralId: referral.referralId, pageSize: RECEIVED_SHOWN }) : { rows: [] };
  return view('attorney/referral', {
    received, said: await saidOf(visit, referral.referralId),
    referral: referralLine(referral, visit), isOurs, draft, ...todo, ...allowed, next: nextStep(referral, draft, todo.left, allowed), isSettled: isWithPartner(referral, draft),
    clocks: referral.clocks.map((clock) => clockLine(clock, visit)),
    hopName: (hop: string) => hopName(hop, visit),
    packets: [...referral.packets].sort((a, b) => b.number - a.number),
    // Once the sealed packet is what would be sealed today, its own list tells, with pages.
    documents: draft?.isCurrent === false || referral.packets.length === 0 ? draft?.documents ?? [] : [],
    sets: setsFor(referral.partnerId),
    needsApprover: draft?.needsApprover ?? false,
    ...agreementsOf(visit, referral, draft),
    done: DONE.includes(done) ? done : null,
    problem: PROBLEMS.includes(problem) ? problem : null,
    entered,
    formId: newFormId(),
  }, status);
}

/** The end of what was said about it, for those who may see that. */
async function saidOf(visit: Visit, referralId: string) {
  const conversation = isAllowed(visit.ctx, 'messages.view') ? await conversationOfReferral(visit.ctx, referralId) : null;
  return conversation && { conversation, hops: hopLines(visit, conversation), ...timelineLines(visit, conversation, SAID_SHOWN) };
}

/** What allows the exchange today, while something is still to be sent; else what allowed it when it was handed over. */
function agreementsOf(visit: Visit, { sentUnder, sentAt, status }: ReferralView, draft: PacketDraft | null) {
  return {
    canSeeAgreements: isAllowed(visit.ctx, 'agreements.view'),
    isAllowedToday: draft?.agreement.isAllowed ?? null,
    allowing: allowingLines(draft?.agreement.agreements ?? [], visit),
    sentUnder: sentUnder && allowingLines(sentUnder, visit),
    isSentUnrecorded: sentUnder === null && sentAt !== null && status !== 'sealed',
  };
}

/** What is left to do, each where it is done; of a request of the partner's there is nothing to be checked. */
function whatToDo(visit: Visit, referral: ReferralView, draft: PacketDraft | null) {
  const recalls = referral.findings.filter(({ code }) => code === RECALL);
  const awaited = referral.awaited.filter(({ doneOn }) => doneOn === null).map(({ item }): Finding => ({ code: `referral.awaits_${item}`, severity: 'block', path: '/awaited' }));
  // What only sealing finds, such as a letter that no font has, stands on the referral until it is sealed again.
  const ofSealing = referral.findings.filter(({ code }) => code.startsWith('packet.') && !draft?.findings.some((one) => one.code === code));
  const findings = draft ? [...recalls, ...draft.findings, ...ofSealing, ...awaited] : referral.findings;
  return {
    left: leftToDo(findings, { ...referral, children: draft?.children ?? [] }, visit),
    blocking: findings.filter(({ severity }) => severity === 'block').length,
  };
}

function whatIsAllowed(visit: Visit, referral: ReferralView, draft: PacketDraft | null) {
  const { ctx } = visit;
  const may = (move: ReferralMove, permission: Permission): boolean => referral.allowedMoves.includes(move) && isAllowed(ctx, permission);
  return {
    canSeal: draft !== null && may('seal', 'packets.build'),
    canSend: may('send', 'referrals.send') && draft?.isCurrent !== false,
    canPreview: draft !== null && draft.documents.length > 0,
    canRecall: referral.findings.some((finding) => finding.code === RECALL) && isAllowed(ctx, 'referrals.send'),
    canPrint: isAllowed(ctx, 'packets.print'),
    canSeeCase: isAllowed(ctx, 'cases.view'),
    canSeeDisclosures: isAllowed(ctx, 'disclosures.view'),
    canSeeAttachments: draft !== null && isAllowed(ctx, 'attachments.view'),
    canInterview: draft !== null && isAllowed(ctx, 'interviews.read'),
    canTranslate: referral.direction === 'outgoing' && isAllowed(ctx, 'translations.view'),
    hasTextsToRead: isAllowed(ctx, 'translations.review') && isAnyToRead(referral.findings),
    moves: isAllowed(ctx, 'referrals.move') ? movesToOffer(referral) : [],
  };
}

const isAnyToRead = (findings: readonly Finding[]): boolean => findings.some(({ code }) => /^(translation|interview)\.review_/.test(code));

interface NextStep {
  readonly step: 'mend' | 'review' | 'seal' | 'seal_again' | 'send' | 'partner' | 'supply';
  readonly href: string;
}

/** The partner has the packet that would be sealed today: what is still to be wished for is no work that waits. */
const isWithPartner = (referral: ReferralView, draft: PacketDraft | null): boolean =>
  referral.deliveredPacketId !== null && referral.status !== 'sealed' && draft?.isCurrent !== false;

/** The one thing that brings this referral on, and where on the page it is; null for whoever has no part in it, and when it is over. */
function nextStep(referral: ReferralView, draft: PacketDraft | null, left: readonly LeftAt[], allowed: { canSeal: boolean; canSend: boolean; moves: readonly unknown[] }): NextStep | null {
  if (draft === null) return null;
  if (isWithPartner(referral, draft)) return allowed.moves.length > 0 ? { step: referral.status === 'incomplete' ? 'supply' : 'partner', href: '#moves' } : null;
  const blocked = left.find(({ blocking }) => blocking > 0);
  if (blocked) return { step: 'mend', href: `#left-${blocked.kind}` };
  if (allowed.canSend) return { step: 'send', href: '#send' };
  if (allowed.canSeal) return { step: draft.isCurrent === null ? 'seal' : 'seal_again', href: '#packet' };
  return allowed.moves.length > 0 ? { step: 'review', href: '#moves' } : null;
}

/** Sealing an unchanged referral gives the packet that it has, so pressing twice needs no guard of its own. */
const seal: Handler = async (visit) => {
  const here = `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`;
  try {
    const { alreadySealed } = await buildPacket(visit.ctx, pathText(visit, 'referralId'));
    return redirect(`${here}?done=${alreadySealed ? 'same' : 'sealed'}`);
  } catch (error) {
    if (error instanceof AppError && PROBLEMS.includes(error.code)) return redirect(`${here}?problem=${error.code}`);
    throw error;
  }
};

/** What is acknowledged already is not acknowledged again, so this needs no guard either. */
const recall: Handler = async (visit) => {
  const referralId = pathText(visit, 'referralId');
  await acknowledgeRecall(visit.ctx, referralId);
  return redirect(`/referrals/${encodeURIComponent(referralId)}?done=recalled`);
};

const send: Handler = async (visit) => {
  const referralId = pathText(visit, 'referralId');
  const here = `/referrals/${encodeURIComponent(referralId)}`;
  const approver = field(visit, 'approver', 300);
  try {
    const to = await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      await sendReferral(tx, referralId, { approver });
      return `${here}?done=sent`;
    });
    return redirect(to);
  } catch (error) {
    const code = error instanceof AppError ? error.code : '';
    if (code === 'referral.approver_needed') return show(visit, { approver, fault: 'missing' }, 422);
    if (code === 'referral.approver_invalid') return show(visit, { approver, fault: 'invalid' }, 422);
    if (PROBLEMS.includes(code)) return redirect(`${here}?problem=${code}`);
    throw error;
  }
};

/** What would be sealed, as the partner will read it, marked as a draft. The use case writes down who read it. */
const preview: Handler = async (visit) => {
  const { bytes, fileName } = await previewPacket(visit.ctx, pathText(visit, 'referralId'));
  return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: true };
};

// A form that came back with a fault stands at the address it was sent to; reading that address shows the referral.
const backToReferral: Handler = async (visit) => redirect(`/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`);

export const referralPage: Page = { path: '/referrals/:referralId', access: 'referrals.view', get: (visit) => show(visit, { approver: '', fault: null }) };
export const sealPage: Page = { path: '/referrals/:referralId/seal', access: 'packets.build', get: backToReferral, post: seal };
export const recallPage: Page = { path: '/referrals/:referralId/recall', access: 'referrals.send', get: backToReferral, post: recall };
export const sendPage: Page = { path: '/referrals/:referralId/send', access: 'referrals.send', get: backToReferral, post: send };
export const previewPage: Page = { path: '/referrals/:referralId/draft', access: 'packets.build', get: preview };
