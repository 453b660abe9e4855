import { AppError } from '../../../platform/errors.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { sendReferral } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { newFormId } from '../../form-id.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { referralAddress, standingOf } from '../referral/standing.ts';

/** What the person typed into the form, and what is wrong with it. */
interface Entered {
  readonly approver: string;
  readonly fault: 'missing' | 'invalid' | null;
}

const PROBLEMS = ['agreement.none_allows', 'packet.incomplete', 'packet.outdated', 'referral.packet_changed'];
const DONE = ['sealed', 'same'];

async function show(visit: Visit, entered: Entered, status = 200): Promise<Reply> {
  const { referral, draft, blocking, isSettled, allowed } = await standingOf(visit);
  const here = referralAddress(visit);
  const [done, problem] = [queryText(visit, 'done', 20), queryText(visit, 'problem', 40)];
  if (isSettled && status === 200) return redirect(`${here}/sent`);
  const [newest] = [...referral.packets].sort((a, b) => b.number - a.number);
  return view('attorney/send', {
    referral, here, partnerName: partnerNameOf(referral.partnerId, visit), newest: newest ?? null, blocking, canSend: allowed.canSend,
    isAllowed: draft?.agreement.isAllowed ?? null, allowing: allowingLines(draft?.agreement.agreements ?? [], visit), canSeeAgreements: true,
    needsApprover: draft?.needsApprover ?? false, isOutdated: draft?.isCurrent === false,
    done: DONE.includes(done) ? done : null, problem: PROBLEMS.includes(problem) ? problem : null, entered, formId: newFormId(),
  }, status);
}

const send: Handler = async (visit) => {
  const referralId = pathText(visit, 'referralId');
  const here = referralAddress(visit);
  const approver = field(visit, 'approver', 300);
  const packetId = field(visit, 'packet', 40);
  try {
    return redirect(await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      await sendReferral(tx, referralId, { approver, ...(packetId === '' ? {} : { packetId }) });
      return `${here}/sent`;
    }));
  } catch (error) {
    const code = error instanceof AppError ? error.code : '';
    if (code === 'referral.approver_needed') return show(visit, { approver, fault: 'missing' }, 422);
    if (code === 'referral.approver_invalid') return show(visit, { approver, fault: 'invalid' }, 422);
    if (PROBLEMS.includes(code)) return redirect(`${here}/send?problem=${code}`);
    throw error;
  }
};

/** To whom, under which agreement, with whose approval; only then it leaves. */
export const sendPage: Page = { path: '/referrals/:referralId/send', access: 'referrals.send', get: (visit) => show(visit, { approver: '', fault: null }), post: send };
