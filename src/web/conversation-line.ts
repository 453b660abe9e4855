import type { ConversationMessage, ConversationRow, ConversationView, TimelineEntry } from '../modules/exchange/index.ts';
import { officeDay } from '../modules/referrals/index.ts';
import { isAllowed } from '../platform/authorise.ts';
import { hasWords } from '../platform/i18n.ts';
import { partnerNameOf } from './referral-line.ts';
import { hopName } from './referral-moves.ts';
import type { Visit } from './visit.ts';
import { wordsFor } from './words.ts';

/** An entry of a conversation as the pages show it: what happened to a message stands below the message. */
export type TimelineLine = MessageLine | { readonly what: 'other'; readonly title: string; readonly note: string; readonly when: string };

export interface ReceiptLine {
  readonly stage: string;
  readonly hop: string;
  readonly when: string;
  /** Null for those who may know of it and not have it. */
  readonly href: string | null;
}

export interface MessageLine {
  readonly what: 'message';
  readonly href: string;
  readonly title: string;
  readonly who: string;
  readonly via: string | null;
  readonly when: string;
  readonly state: string;
  readonly tone: '' | 'good' | 'warn' | 'block' | 'quiet';
  readonly code: { readonly triple: string; readonly words: string } | null;
  readonly channel: string;
  readonly receipts: readonly ReceiptLine[];
  readonly attempts: readonly { readonly when: string; readonly channel: string; readonly text: string }[];
  readonly work: string | null;
  readonly reasons: readonly string[];
}

/** A word of the exchange as it begins a line. */
export function exchangeWord({ language, t }: Visit, list: string, code: string): string {
  const key = `exchange:${list}.${code}`;
  const text = hasWords(language, key) ? t(key) : code;
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

const TONES: Readonly<Record<string, MessageLine['tone']>> = { retrieved: 'good', stored: 'good', delivered: '', draft: 'warn', queued: 'warn', failed: 'block', expired: 'block', refused: 'block', cancelled: 'quiet' };
export const toneOf = (state: string): MessageLine['tone'] => TONES[state] ?? '';

/** The triple of CSENet with the words of its parts. */
export function codeLine(code: string | null, { language, t }: Visit): MessageLine['code'] {
  if (code === null) return null;
  const parts = code.split(' ').flatMap((part, index) => {
    const key = `messages:${['function', 'action', 'reason'][index] ?? 'reason'}.${part}`;
    return hasWords(language, key) ? [t(key)] : [];
  });
  return { triple: code, words: parts.join(' · ') };
}

/** A hop, which may be one that nobody here knows. */
export function hopWords(hop: string, visit: Visit): string {
  return hop.includes('-') || hasWords(visit.language, `referrals:hop.${hop}`) ? hopName(hop, visit) : hop;
}

/** Who is meant by our side and by the partner's, as the reader calls them. */
export function sidesOf(visit: Visit, row: Pick<ConversationRow, 'partnerId' | 'county'>): { readonly us: string; readonly partner: string } {
  const isOfficer = visit.ctx.actor.partner !== null;
  const county = row.county === null ? visit.t('conversations:line.us') : wordsFor(visit.language).of('county', row.county);
  return { us: county, partner: isOfficer ? visit.t('conversations:line.you') : partnerNameOf(row.partnerId, visit, 'short') };
}

export function receiptLines(visit: Visit, receipts: ConversationMessage['receipts']): ReceiptLine[] {
  return receipts.map(({ receiptId, stage, hop, happenedAt }) => ({
    stage: exchangeWord(visit, 'stage', stage), hop: hop === '' ? '' : hopWords(hop, visit), when: visit.format.instant(happenedAt),
    href: isAllowed(visit.ctx, 'receipts.read') ? `/receipts/${encodeURIComponent(receiptId)}` : null,
  }));
}

export function attemptLines(visit: Visit, attempts: ConversationMessage['attempts']): MessageLine['attempts'] {
  const words = wordsFor(visit.language);
  return attempts.map(({ channel, code, happenedAt }) => ({ when: visit.format.instant(happenedAt), channel: exchangeWord(visit, 'channel', channel), text: words.reason(code) }));
}

export function messageLine(visit: Visit, row: Pick<ConversationRow, 'partnerId' | 'county'>, message: ConversationMessage): MessageLine {
  const words = wordsFor(visit.language);
  const sides = sidesOf(visit, row);
  const { direction, state, work, hop } = message;
  const isWorkShown = work !== null && work.state !== 'waiting';
  return {
    what: 'message', href: `/messages/${encodeURIComponent(message.messageId)}`, title: exchangeWord(visit, 'kind', message.kind),
    who: visit.t('conversations:line.from', { who: direction === 'in' ? sides.partner : sides.us }), via: hop === null ? null : visit.t('conversations:line.via', { hop: hopWords(hop, visit) }),
    when: visit.format.instant(message.storedAt), state: exchangeWord(visit, 'state', state), tone: toneOf(state), code: codeLine(message.code, visit),
    channel: message.channel === 'internal' ? '' : exchangeWord(visit, 'channel', message.channel), receipts: receiptLines(visit, message.receipts), attempts: attemptLines(visit, message.attempts),
    work: isWorkShown ? exchangeWord(visit, 'work', work.state) : null, reasons: isWorkShown ? work.reasons.map((code) => words.reason(code)) : [],
  };
}

type Other = Exclude<TimelineEntry, { what: 'message' | 'receipt' | 'attempt' | 'work' }>;

function otherLine(visit: Visit, row: Pick<ConversationRow, 'partnerId' | 'county'>, entry: Other): TimelineLine {
  const { t, format } = visit;
  const words = wordsFor(visit.language);
  if (entry.what === 'hop') {
    const note = [entry.office === null ? '' : t('conversations:line.office', { office: entry.office }), entry.fileNumber === null ? '' : t('conversations:one.hop_number', { number: entry.fileNumber })];
    return { what: 'other', title: t('conversations:line.relayed', { hop: hopWords(entry.hop, visit) }), note: note.filter((part) => part !== '').join(' · '), when: format.day(entry.on) };
  }
  if (entry.what === 'clock') return { what: 'other', title: t(`conversations:line.deadline_${entry.act}`, { clock: t(`clocks:name.${entry.clock.replaceAll('.', '_')}`) }), note: '', when: format.day(entry.on) };
  const [move, status] = [entry.move === '' ? null : words.label('moved', entry.move), words.label('status', entry.toStatus)];
  const reason = entry.reason === null ? '' : hasWords(visit.language, `referrals:move_reason.${entry.reason}`) ? t(`referrals:move_reason.${entry.reason}`) : entry.reason;
  const note = [move === null || words.of('moved', entry.move) === words.of('status', entry.toStatus) ? '' : words.of('status', entry.toStatus), entry.hop === null ? '' : hopWords(entry.hop, visit), reason].filter((part) => part !== '');
  const sides = sidesOf(visit, row);
  const who = entry.by === null ? [] : [t('conversations:line.by', { who: entry.by === 'us' ? sides.us : sides.partner })];
  const recorded = officeDay(visit.ctx, entry.at);
  const told = recorded === entry.on ? [] : [t('conversations:line.happened_on', { day: format.day(entry.on) })];
  return { what: 'other', title: move ?? status, note: [...who, ...note, ...told].join(' · '), when: format.instant(entry.at) };
}

/** The whole conversation, the first first; with `latest` only its end, and how many lines there were. */
export function timelineLines(visit: Visit, conversation: ConversationView, latest?: number): { readonly lines: TimelineLine[]; readonly total: number } {
  const byId = new Map(conversation.messages.map((message) => [message.messageId, message]));
  const lines = conversation.timeline.flatMap((entry): TimelineLine[] => {
    if (entry.what === 'receipt' || entry.what === 'attempt' || entry.what === 'work') return [];
    if (entry.what !== 'message') return [otherLine(visit, conversation, entry)];
    const message = byId.get(entry.messageId);
    return message ? [messageLine(visit, conversation, message)] : [];
  });
  return { lines: latest === undefined ? lines : lines.slice(-latest), total: lines.length };
}

/** Offices that a request has reached, each with its day and number. */
export function hopLines(visit: Visit, { hops }: ConversationView): { readonly name: string; readonly office: string | null; readonly when: string; readonly number: string | null }[] {
  return hops.map(({ hop, office, fileNumber, relayedOn }) => ({
    name: hopWords(hop, visit), office, when: visit.format.day(relayedOn), number: fileNumber === null ? null : visit.t('conversations:one.hop_number', { number: fileNumber }),
  }));
}
