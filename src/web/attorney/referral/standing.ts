import { isAllowed } from '../../../platform/authorise.ts';
import type { Permission } from '../../../platform/authorise.ts';
import type { Finding } from '../../../platform/errors.ts';
import { draftPacket, FINAL_STATES, getReferral, mayChangeServices, readDraft } from '../../../modules/referrals/index.ts';
import type { PacketDraft, ReferralMove, ReferralView } from '../../../modules/referrals/index.ts';
import { movesToOffer } from '../../referral-moves.ts';
import { pathText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { leftToDo } from './left-to-do.ts';
import type { LeftAt } from './left-to-do.ts';

export const RECALL = 'referral.disclosed_before_protection';
const IS_OVER: readonly string[] = FINAL_STATES;

/** A referral as its pages look at it: as it is now, with what is left to do and what this person may do. */
export interface Standing {
  readonly referral: ReferralView;
  readonly isOurs: boolean;
  /** Null for the partner's requests, for what is over, and for whoever makes no packets. */
  readonly draft: PacketDraft | null;
  readonly left: readonly LeftAt[];
  readonly blocking: number;
  /** The partner has the packet that would be sealed today: what is still to be wished for is no work that waits. */
  readonly isSettled: boolean;
  readonly allowed: ReturnType<typeof whatIsAllowed>;
}

export const referralAddress = (visit: Visit): string => `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`;

/** @param reading for pages that show what would leave: that it was read is written down. */
export async function standingOf(visit: Visit, reading: 'reads content' | null = null): Promise<Standing> {
  const { ctx } = visit;
  const referral = await getReferral(ctx, pathText(visit, 'referralId'));
  const isOurs = referral.direction === 'outgoing';
  const draft = isOurs && ctx.actor.partner === null && !IS_OVER.includes(referral.status) && isAllowed(ctx, 'packets.build') ? await (reading ? readDraft : draftPacket)(ctx, referral.referralId) : null;
  const isSettled = referral.deliveredPacketId !== null && referral.status !== 'sealed' && draft?.isCurrent !== false;
  return { referral, isOurs, draft, isSettled, ...whatToDo(visit, referral, draft), allowed: whatIsAllowed(visit, referral, draft) };
}

/** What is left to do, each where it is done; of a request of the partner's there is nothing to be checked. */
function whatToDo(visit: Visit, referral: ReferralView, draft: PacketDraft | null) {
  const recalls = referral.findings.filter(({ code }) => code === RECALL);
  const awaited = referral.awaited.filter(({ doneOn }) => doneOn === null).map(({ item }): Finding => ({ code: `referral.awaits_${item}`, severity: 'block', path: '/awaited' }));
  // What only sealing finds, such as a letter that no font has, stands on the referral until it is sealed again.
  const ofSealing = referral.findings.filter(({ code }) => code.startsWith('packet.') && !draft?.findings.some((one) => one.code === code));
  const findings = draft ? [...recalls, ...draft.findings, ...ofSealing, ...awaited] : referral.findings;
  return {
    left: leftToDo(findings, { ...referral, children: draft?.children ?? [], mayChangeServices: mayChangeServices(referral) }, visit),
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
    canChangeServices: draft !== null && mayChangeServices(referral) && isAllowed(ctx, 'referrals.create'),
    canRecall: referral.findings.some((finding) => finding.code === RECALL) && isAllowed(ctx, 'referrals.send'),
    canPrint: isAllowed(ctx, 'packets.print'),
    canSeeCase: isAllowed(ctx, 'cases.view'),
    canSeeDisclosures: isAllowed(ctx, 'disclosures.view'),
    canSeeAttachments: draft !== null && isAllowed(ctx, 'attachments.view'),
    canInterview: draft !== null && isAllowed(ctx, 'interviews.read'),
    canTranslate: referral.direction === 'outgoing' && isAllowed(ctx, 'translations.view'),
    hasTextsToRead: isAllowed(ctx, 'translations.review') && referral.findings.some(({ code }) => /^(translation|interview)\.review_/.test(code)),
    moves: isAllowed(ctx, 'referrals.move') ? movesToOffer(referral) : [],
  };
}
