import { isAllowed } from '../../../../platform/authorise.ts';
import { AppError } from '../../../../platform/errors.ts';
import { findPartner, partnerName, SERVICE_CODES } from '../../../../modules/partners/index.ts';
import { acceptIncoming, getIncoming, proposeAgain, readIncomingFile, REFUSAL_REASONS, refuseIncoming } from '../../../../modules/referrals/index.ts';
import type { IncomingView } from '../../../../modules/referrals/index.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../../visit.ts';

const DONE = ['accepted', 'linked', 'refused', 'sought', 'received'];

interface Entered {
  readonly caseId: string;
  readonly services: readonly string[];
  readonly refusal: { readonly code: string; readonly params: AppError['params'] } | null;
}

const addressOf = (visit: Visit): string => `/incoming/${encodeURIComponent(pathText(visit, 'incomingId'))}`;

async function show(visit: Visit, entered: Entered | null = null, status = 200): Promise<Reply> {
  const { ctx, t } = visit;
  const item = await getIncoming(ctx, pathText(visit, 'incomingId'));
  const partner = findPartner(item.partnerId);
  const done = queryText(visit, 'done', 20);
  const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(visit.language) + text.slice(1);
  return view('attorney/incoming/one', {
    item, size: visit.format.number(Math.ceil(item.byteCount / 1024)), partner: partner ? partnerName(partner, visit.language) : item.partnerId,
    people: (item.facts?.persons ?? []).map((person) => ({ ...person, group: capital(t(`incoming:group.${person.group}`)), birthDate: person.isProtected ? null : person.birthDate })),
    proposed: capital(t(`incoming:proposal.${item.proposal?.kind ?? 'none'}`)),
    services: SERVICE_CODES, entered: entered ?? enteredFor(item), reasons: REFUSAL_REASONS, canDecide: item.isOpen && isAllowed(ctx, 'incoming.decide'),
    done: DONE.includes(done) ? t(`incoming:done.${done}`, { receipt: item.incomingId }) : null,
  }, status);
}

/** What is proposed stands in the form already, where one case stands out; the person presses the button. */
function enteredFor(item: IncomingView): Entered {
  return { caseId: item.proposal?.kind === 'case' ? item.proposal.caseId : '', services: item.facts?.services ?? [], refusal: null };
}

const TOLD = /^(incoming|cases|referral)\./;

/** What was refused is told on the page of the receipt, beside what was entered. */
async function orShow(visit: Visit, entered: Omit<Entered, 'refusal'> | null, work: () => Promise<string>): Promise<Reply> {
  try {
    return redirect(`${addressOf(visit)}?done=${await work()}`);
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.test(error.code) || error.kind === 'forbidden' || error.code === 'incoming.not_found') throw error;
    const refusal = { code: error.code, params: error.params };
    return show(visit, { caseId: '', services: [], ...entered, refusal }, error.kind === 'conflict' ? 409 : 422);
  }
}

const accept: Handler = (visit) => {
  const chosen = field(visit, 'case', 40);
  const entered = { caseId: chosen === '' || chosen === 'other' ? field(visit, 'case_number', 40).toUpperCase() : chosen, services: fields(visit, 'services') };
  const referralId = field(visit, 'referral', 40);
  return orShow(visit, entered, async () => (await acceptIncoming(visit.ctx, pathText(visit, 'incomingId'), referralId === '' ? entered : { referralId })).state);
};

const refuse: Handler = (visit) => orShow(visit, null, async () => {
  await refuseIncoming(visit.ctx, pathText(visit, 'incomingId'), { reason: field(visit, 'reason', 40) });
  return 'refused';
});

const again: Handler = (visit) => orShow(visit, null, async () => {
  await proposeAgain(visit.ctx, pathText(visit, 'incomingId'));
  return 'sought';
});

const download: Handler = async (visit) => {
  const file = await readIncomingFile(visit.ctx, pathText(visit, 'incomingId'));
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

const back: Handler = async (visit) => redirect(addressOf(visit));
const ONE = '/incoming/:incomingId';

export const incomingOnePages: readonly Page[] = [
  { path: ONE, access: 'incoming.view', get: (visit) => show(visit) },
  { path: `${ONE}/file`, access: 'incoming.view', get: download },
  { path: `${ONE}/accept`, access: 'incoming.decide', get: back, post: accept },
  { path: `${ONE}/refuse`, access: 'incoming.decide', get: back, post: refuse },
  { path: `${ONE}/again`, access: 'incoming.decide', get: back, post: again },
];
