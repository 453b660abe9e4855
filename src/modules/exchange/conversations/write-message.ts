import type { PartnerProfile } from '../../partners/index.ts';
import { officeDay, ourOffice } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { defaultCode } from '../messages/message-kinds.ts';
import { canonicalJson, codeOf, contentDigest } from '../messages/message.ts';
import type { Message, MessageKind } from '../messages/message.ts';
import type { Correspondent, MessageHeader } from '../messages/message.types.ts';
import { readMessage } from '../messages/read-message.ts';
import type { ConversationRow } from './conversation.store.ts';
import type { Target } from './may-leave.ts';

/** A message as it is kept. */
export interface Written {
  readonly content: string;
  readonly contentSha256: string;
  readonly byteCount: number;
  readonly code: string | null;
}

export interface Made {
  readonly messageId: string;
  readonly serial: string;
  readonly kind: MessageKind;
  readonly target: Target;
  readonly replyTo: string | null;
}

/** A message of ours, with the default triple where none is given. @throws AppError `message.invalid`. */
export function writtenMessage(tx: TxCtx, made: Made, body: Readonly<Record<string, unknown>>, code: string | undefined): Written {
  const plain = { ...headerOf(tx, made), [made.kind]: body } as unknown as Message;
  const triple = code === undefined ? defaultCode(plain, made.target.referral?.services ?? []) : tripleOf(code);
  return checkedMessage({ ...plain, ...(triple ?? {}) }, tx.clock.now());
}

function tripleOf(code: string): { function: string; action: string; reason: string } {
  const [functionCode = '', action = '', reason = ''] = code.split(' ');
  return { function: functionCode, action, reason };
}

/** What we send is held against the same schema and rules as what we receive. @throws AppError `message.invalid`. */
export function checkedMessage(message: Message, now: Date): Written {
  const content = canonicalJson(message);
  const bytes = Buffer.from(content, 'utf8');
  readMessage(bytes, { now });
  return { content, contentSha256: contentDigest(message), byteCount: bytes.length, code: codeOf(message) };
}

function headerOf(tx: TxCtx, { messageId, serial, target: { partner, conversation, referral }, replyTo }: Made): MessageHeader {
  return {
    version: '1.1', messageId, serial, conversation: conversation.wireId, ...(replyTo === null ? {} : { inReplyTo: replyTo }), sentAt: tx.clock.now().toISOString(), datedOn: officeDay(tx),
    ...(referral ? { referralId: referral.referralId } : {}), from: ourselves(tx, conversation, partner), to: thePartner(conversation, partner),
  };
}

const named = (names: Readonly<Record<string, string>>): { lang: string; value: string }[] => Object.entries(names).map(([lang, value]) => ({ lang, value }));

/** The county's office, with our number for the case. */
export function ourselves(tx: TxCtx, { county, ourFileNumber }: ConversationRow, partner: PartnerProfile): Correspondent {
  const { county: code, office } = ourOffice(tx.actor.agency, county ?? partner.counties.value[0] ?? null, partner.languages.value.packet);
  return { county: code, ...(ourFileNumber ? { fileNumber: ourFileNumber } : {}), name: named(office.names) };
}

/** The partner, with its number for the case. */
export function thePartner({ partnerFileNumber }: ConversationRow, partner: PartnerProfile): Correspondent {
  return { partnerId: partner.partnerId, country: partner.country, ...(partnerFileNumber ? { fileNumber: partnerFileNumber } : {}), name: named(partner.names.value) };
}
