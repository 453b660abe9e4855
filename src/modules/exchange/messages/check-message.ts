import { isCalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { checkBody } from './check-body.ts';
import { checkTexts } from './check-texts.ts';
import { CSENET_CODES, fitsKind, kindRule, TAX_OFFSET_CODES } from './message-kinds.ts';
import type { Side } from './message-kinds.ts';
import { codeOf, kindOf } from './message.ts';
import type { Message, MessageKind } from './message.ts';
import type { Correspondent, MessageHeader } from './message.types.ts';
import { fault, notice } from './finding.rules.ts';

export interface CheckOptions {
  readonly now: Date;
  readonly partnerId?: string | undefined;
  readonly relaysFor: readonly string[];
}

/** How far the sender's clock may be ahead. */
const AHEAD_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const HEADER_1_1 = ['messageId', 'serial', 'conversation', 'inReplyTo', 'sentAt', 'function', 'action', 'reason', 'referralId', 'via'] as const;


/** What a schema cannot say of a message: who may say it to whom, when, with which header, and whether it contradicts itself. */
export function checkMessage(message: Message, options: CheckOptions): Finding[] {
  const kind = kindOf(message);
  const side: Side = message.from.county === undefined ? 'partner' : 'agency';
  return [
    ...correspondents(message, options), ...header(message, kind), ...(kindRule(kind).by.includes(side) ? [] : [fault('message.kind_not_yours', `/${kind}`, { kind })]),
    ...times(message, options.now), ...code(message, kind), ...caseNumbers(message, kind), ...checkTexts(message, options.now), ...checkBody(message),
  ];
}

function correspondents({ from, to, via }: MessageHeader, { partnerId, relaysFor }: CheckOptions): Finding[] {
  const isStated = (one: Correspondent): boolean => (one.county === undefined) !== (one.partnerId === undefined);
  if (!isStated(from) || !isStated(to) || (from.county === undefined) === (to.county === undefined)) return [fault('message.sender_unstated', isStated(from) ? '/to' : '/from', { expected: 'county | partnerId' })];
  if (partnerId === undefined) return [];
  if (from.partnerId === undefined) return [fault('message.other_sender', '/from', { expected: partnerId })];
  if (from.partnerId === partnerId) return [];
  // Who hands it over must say so, and be known to pass on what that office says.
  const isRelayed = via?.at(-1)?.partnerId === partnerId && relaysFor.includes(from.partnerId);
  return isRelayed ? [] : [fault('message.other_sender', '/from/partnerId', { expected: partnerId })];
}

function header(message: Message, kind: MessageKind): Finding[] {
  const needsPacket = kind === 'referral';
  const packet = needsPacket === (message.packetId !== undefined) ? [] : [needsPacket ? fault('message.header_missing', '/packetId', { name: 'packetId' }) : notice('message.packet_unexpected', '/packetId')];
  if (message.version === '1.0') {
    const later = HEADER_1_1.filter((name) => message[name] !== undefined);
    return [...packet, ...later.map((name) => fault('message.version_too_low', `/${name}`, { name, expected: '1.1' })), ...(needsPacket ? [] : [fault('message.version_too_low', `/${kind}`, { name: kind, expected: '1.1' })])];
  }
  const { reply, opens } = kindRule(kind);
  const needed = ['messageId', 'serial', 'conversation', 'sentAt', ...(reply === 'required' ? ['inReplyTo'] : [])] as (keyof MessageHeader)[];
  const missing = needed.filter((name) => message[name] === undefined).map((name) => fault('message.header_missing', `/${name}`, { name }));
  const answersItself = message.inReplyTo !== undefined && message.inReplyTo === message.messageId ? [fault('message.answers_itself', '/inReplyTo')] : [];
  const unasked = !opens && message.inReplyTo === undefined && reply !== 'required' ? [notice('message.answers_nothing', '/inReplyTo', { kind })] : [];
  return [...packet, ...missing, ...answersItself, ...unasked];
}

function times({ sentAt, datedOn, via }: MessageHeader, now: Date): Finding[] {
  const latest = now.getTime() + AHEAD_MS;
  const findings: Finding[] = [];
  const instant = (text: string | undefined, path: string): void => {
    if (text === undefined) return;
    if (!isCalendarDate(text.slice(0, 10))) findings.push(fault('message.date_impossible', path));
    else if (Date.parse(text) > latest) findings.push(fault('message.sent_ahead', path, { minutesMax: AHEAD_MS / 60_000 }));
  };
  instant(sentAt, '/sentAt');
  // On the other side of the date line it is tomorrow already.
  if (isCalendarDate(datedOn) && Date.parse(datedOn) > now.getTime() + DAY_MS) findings.push(fault('message.dated_ahead', '/datedOn'));
  let before = sentAt === undefined ? -Infinity : Date.parse(sentAt);
  for (const [index, hop] of (via ?? []).entries()) {
    instant(hop.relayedAt, `/via/${index}/relayedAt`);
    instant(hop.receivedAt, `/via/${index}/receivedAt`);
    if (Date.parse(hop.relayedAt) < before || (hop.receivedAt !== undefined && hop.receivedAt !== hop.relayedAt && Date.parse(hop.receivedAt) > Date.parse(hop.relayedAt))) findings.push(notice('message.via_order', `/via/${index}`));
    before = Date.parse(hop.relayedAt);
  }
  return findings;
}

function code(message: Message, kind: MessageKind): Finding[] {
  const parts = [message.function, message.action, message.reason];
  if (parts.every((part) => part === undefined)) return [];
  const triple = codeOf(message);
  if (triple === null) return [fault('message.code_partial', message.function === undefined ? '/function' : message.action === undefined ? '/action' : '/reason')];
  if (message.from.county !== undefined && TAX_OFFSET_CODES.has(triple)) return [fault('message.code_of_tax_offset', '/reason', { triple })];
  if (!CSENET_CODES.has(triple)) return [notice('message.code_unknown', '/reason', { triple })];
  return fitsKind(kind, triple) ? [] : [notice('message.code_not_of_kind', '/action', { triple, kind })];
}

function caseNumbers({ from, to }: Message, kind: MessageKind): Finding[] {
  const missing = { '/from/fileNumber': from.fileNumber === undefined, '/to/fileNumber': to.fileNumber === undefined };
  const absent = Object.entries(missing).filter(([, isMissing]) => isMissing).map(([path]) => path);
  switch (kindRule(kind).caseNumbers) {
    case 'both': return absent.length === 2 ? [fault('message.case_numbers_missing', '/from/fileNumber')] : absent.map((path) => notice('message.case_number_missing', path));
    case 'one': return absent.length === 2 ? [notice('message.case_numbers_missing', '/to/fileNumber')] : [];
    // The number under which the sender keeps a referral stands in the case of version 1.0.
    case 'sender': case 'lines': case 'none': return [];
  }
}
