import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import { acknowledgeRecall, buildPacket, getReferral, sendReferral } from '../../../modules/referrals/index.ts';
import { newFormId } from '../../form-id.ts';
import { referralLine } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';

/** What the person typed into the form for sending, and what is wrong with it. */
interface Entered {
  approver: string;
  fault: 'missing' | 'invalid' | null;
}

const DONE = ['created', 'sealed', 'same', 'sent', 'recalled'];
const RECALL = 'referral.disclosed_before_protection';
const PROBLEMS = ['incomplete', 'outdated'];

async function show(visit: Visit, entered: Entered, status = 200): Promise<Reply> {
  const { ctx } = visit;
  const referral = await getReferral(ctx, pathText(visit, 'referralId'));
  if (ctx.actor.partner !== null) return redirect(`/inbox/${referral.referralId}`);
  const done = queryText(visit, 'done', 20);
  const problem = queryText(visit, 'problem', 20);
  return view('attorney/referral', {
    referral: referralLine(referral, visit),
    needsApprover: findPartner(referral.partnerId)?.exchangeBasis.value.approverNeeded ?? false,
    canSeal: referral.allowedMoves.includes('seal') && isAllowed(ctx, 'packets.build'),
    canSend: referral.allowedMoves.includes('send') && isAllowed(ctx, 'referrals.send'),
    canRecall: referral.findings.some((finding) => finding.code === RECALL) && isAllowed(ctx, 'referrals.send'),
    canSeeCase: isAllowed(ctx, 'cases.view'),
    canSeeAttachments: isAllowed(ctx, 'attachments.view'),
    canInterview: isAllowed(ctx, 'interviews.read'),
    canTranslate: isAllowed(ctx, 'translations.view'),
    done: DONE.includes(done) ? done : null,
    problem: PROBLEMS.includes(problem) ? problem : null,
    entered,
    formId: newFormId(),
  }, status);
}

/** Sealing an unchanged referral gives the packet that it has, so pressing twice needs no guard of its own. */
const seal: Handler = async (visit) => {
  const here = `/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`;
  try {
    const { alreadySealed } = await buildPacket(visit.ctx, pathText(visit, 'referralId'));
    return redirect(`${here}?done=${alreadySealed ? 'same' : 'sealed'}`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'packet.incomplete') return redirect(`${here}?problem=incomplete`);
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
    if (code === 'packet.incomplete') return redirect(`${here}?problem=incomplete`);
    if (code === 'packet.outdated') return redirect(`${here}?problem=outdated`);
    throw error;
  }
};

// A form that came back with a fault stands at the address it was sent to; reading that address shows the referral.
const backToReferral: Handler = async (visit) => redirect(`/referrals/${encodeURIComponent(pathText(visit, 'referralId'))}`);

export const referralPage: Page = { path: '/referrals/:referralId', access: 'referrals.view', get: (visit) => show(visit, { approver: '', fault: null }) };
export const sealPage: Page = { path: '/referrals/:referralId/seal', access: 'packets.build', get: backToReferral, post: seal };
export const recallPage: Page = { path: '/referrals/:referralId/recall', access: 'referrals.send', get: backToReferral, post: recall };
export const sendPage: Page = { path: '/referrals/:referralId/send', access: 'referrals.send', get: backToReferral, post: send };
