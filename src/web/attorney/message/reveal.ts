import { messageRevealReasons, messageNumbers, readMessageContent, revealInMessage } from '../../../modules/exchange/index.ts';
import type { MessageNumber } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const TOLD = ['reveal.reason_needed', 'reveal.too_many', 'reveal.too_many_office'];
const PARKED = 'parked';

interface Wanted {
  readonly messageId: string;
  readonly place: string;
  /** The page to which it leads back. */
  readonly from: string;
}

/** What a number is called: what the sender calls it, where we have words for that. */
function labelOf({ language, t }: Visit, { kind, type }: Pick<MessageNumber, 'kind' | 'type'>): string {
  const keys = [`reveal:type.${type.toUpperCase()}`, `web:identifier.${type}`, `web:identifier.${type.toUpperCase()}`];
  const key = /^[\w-]+$/.test(type) ? keys.find((one) => hasWords(language, one)) : undefined;
  return t(key ?? `reveal:kind.${kind}`);
}

const reasonsOf = ({ ctx, t }: Visit) => ({ reasons: messageRevealReasons(ctx), t });
const actionOf = (messageId: string): string => `/messages/${encodeURIComponent(messageId)}/reveal`;
const unseenOf = ({ place, from }: Wanted) => [['place', place], ['from', from]];

/** For the part `/parts/message-body`: the forms by which each masked number is asked for; null for whoever sees none in full. */
export function showingOf(visit: Visit, messageId: string, from: '' | typeof PARKED = '') {
  if (!isAllowed(visit.ctx, 'messages.reveal')) return null;
  return {
    formOf: (number: MessageNumber) => ({
      ...reasonsOf(visit), action: actionOf(messageId), unseen: unseenOf({ messageId, place: number.place, from }), fault: null,
      id: `reason${number.place.replace(/\W/gu, '-')}`, summary: visit.t('reveal:summary_message', { what: labelOf(visit, number) }),
    }),
  };
}

function aroundOf(visit: Visit, wanted: Wanted, number: MessageNumber) {
  const { t } = visit;
  const heading = t('reveal:title_message', { what: labelOf(visit, number) });
  const href = `/${wanted.from === PARKED ? 'parked' : 'messages'}/${encodeURIComponent(wanted.messageId)}`;
  return { subject: heading, heading, back: { href, words: t('reveal:back_message') }, action: actionOf(wanted.messageId), unseen: unseenOf(wanted) };
}

/** The number is in this answer alone, as that of a case. */
async function show(visit: Visit): Promise<Reply> {
  const wanted: Wanted = { messageId: pathText(visit, 'messageId'), place: field(visit, 'place', 200), from: field(visit, 'from', 10) };
  try {
    const shown = await revealInMessage(visit.ctx, { ...wanted, reason: field(visit, 'reason', 40) });
    return view('attorney/reveal', { ...aroundOf(visit, wanted, shown), value: shown.value, reason: visit.t(`reveal:reasons.${shown.reason}`), faults: [], reasons: [] });
  } catch (error) {
    if (!(error instanceof AppError) || !TOLD.includes(error.code)) throw error;
    return again(visit, wanted, error);
  }
}

async function again(visit: Visit, wanted: Wanted, { code, kind, params }: AppError): Promise<Reply> {
  const numbers = await messageNumbers(visit.ctx, await readMessageContent(visit.ctx, wanted.messageId));
  const number = numbers.find(({ place, isShowable }) => isShowable && place === wanted.place);
  if (number === undefined) throw new AppError('not_found', 'reveal.not_shown');
  return view('attorney/reveal', {
    ...aroundOf(visit, wanted, number), ...reasonsOf(visit), value: null, reason: null, faults: [{ field: 'reason', text: wordsFor(visit.language).error(code, params) }],
  }, kind === 'conflict' ? 409 : 422);
}

/** One masked number of a message, shown once to whoever says why. */
export const messageRevealPage: Page = {
  path: '/messages/:messageId/reveal',
  access: 'messages.reveal',
  get: async (visit) => redirect(`/messages/${encodeURIComponent(pathText(visit, 'messageId'))}`),
  post: show,
};
