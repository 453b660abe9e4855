import { createHash } from 'node:crypto';
import { receiveMessage } from '../../../modules/exchange/index.ts';
import type { ConversationRow, MessageKind, ReceivedMessage } from '../../../modules/exchange/index.ts';
import { getPartner } from '../../../modules/partners/index.ts';
import { getReferral, ourOffice } from '../../../modules/referrals/index.ts';
import type { Visit } from '../../visit.ts';

const STAMP_OLD_MS = 24 * 60 * 60 * 1000;
const FORM_ID = /^[0-9A-Za-z_-]{20,48}$/;

export interface SaidByOfficer {
  readonly formId: string;
  readonly kind: MessageKind;
  readonly body: Readonly<Record<string, unknown>>;
  /** The message answered, by the id under which the partner has it. */
  readonly answers: string;
  readonly yourNumber: string;
  /** When the form was shown: the same form sent twice is the same message. */
  readonly stamp: number;
}

export function isStampFresh(visit: Visit, stamp: string): boolean {
  const age = visit.ctx.clock.now().getTime() - Number(stamp);
  return /^\d{10,16}$/.test(stamp) && age >= 0 && age < STAMP_OLD_MS;
}

const named = (names: Readonly<Record<string, string>>): { lang: string; value: string }[] => Object.entries(names).map(([lang, value]) => ({ lang, value }));

/** Of one form always the same, so that it is one message however often it is sent. Two that are alike do no harm: no number of a page is held against another, nor against the partner's own. */
const serialOf = (formId: string): string => String(BigInt(`0x${createHash('sha256').update(formId).digest('hex')}`) % 10n ** 12n).padStart(12, '0');

/** What an officer says on a page, as the message that the officer's office would have sent, by the door for everything that comes in. */
export async function sayAsPartner(visit: Visit, conversation: ConversationRow, said: SaidByOfficer): Promise<ReceivedMessage> {
  const { ctx } = visit;
  const partner = getPartner(conversation.partnerId);
  const county = conversation.referralId === null ? null : (await getReferral(ctx, conversation.referralId)).county;
  const ours = ourOffice(ctx.actor.agency, county ?? partner.counties.value[0] ?? null, partner.languages.value.packet);
  const sentAt = new Date(said.stamp).toISOString();
  const message = {
    version: '1.1', messageId: `page.${FORM_ID.test(said.formId) ? said.formId : ''}`, serial: serialOf(said.formId), conversation: conversation.wireId,
    ...(said.answers === '' ? {} : { inReplyTo: said.answers }), sentAt, datedOn: sentAt.slice(0, 10), ...(conversation.referralId === null ? {} : { referralId: conversation.referralId }),
    from: { partnerId: partner.partnerId, country: partner.country, ...(said.yourNumber === '' ? {} : { fileNumber: said.yourNumber }), name: named(partner.names.value) },
    to: { county: ours.county, ...(conversation.ourFileNumber === null ? {} : { fileNumber: conversation.ourFileNumber }), name: named(ours.office.names) },
    [said.kind]: said.body,
  };
  return receiveMessage(ctx, { partnerId: partner.partnerId, channel: 'portal', source: Buffer.from(JSON.stringify(message), 'utf8'), mediaType: 'application/json', isFromPage: true });
}
