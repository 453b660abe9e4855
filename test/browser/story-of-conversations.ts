import { actOnMessage, deliverMessage, listConversations, markRetrieved, receiveMessage, sendMessage } from '../../src/modules/exchange/index.ts';
import { addAttachment } from '../../src/modules/referrals/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { aPaper, aPhotograph } from '../support/referrals/paper-files.ts';

const PARTNER = 'mx-consulate-los-angeles';

export interface ToldConversations {
  conversation: string;
  conversationKorea: string;
  messageRead: string;
  messageKorea: string;
  messageDraft: string;
  messageCame: string;
  /** With telephones, an e-mail address and an identifier. */
  messageNumbers: string;
  parkedOne: string;
  /** A message of ours that brings a paper. */
  messagePapers: string;
}

/** What was said about two requests: papers asked for, a draft, one message that waits for a person. */
export async function tellConversations(ctx: Ctx, sent: string, sentToKorea: string): Promise<ToldConversations> {
  const ask = async (referralId: string): Promise<string> => {
    const { messageId } = await sendMessage(ctx, { referralId, kind: 'documentRequest', body: { requestId: 'dr-1', neededBy: '2027-03-31', document: [{ kind: 'birth_certificate' }, { kind: 'certified_order' }] } });
    await deliverMessage(ctx, messageId);
    return messageId;
  };
  const [messageRead, messageKorea] = [await ask(sent), await ask(sentToKorea)];
  await markRetrieved(ctx, messageRead, 'portal');
  const conversationOf = async (referralId: string): Promise<string> => (await listConversations(ctx, { referralId })).rows[0]?.conversationId ?? '';
  const conversation = await conversationOf(sent);
  const { messageId: messageDraft } = await sendMessage(ctx, { conversationId: conversation, kind: 'informationUpdate', body: { asOf: '2026-11-20', change: [{ kind: 'address', on: '2026-11-19' }] }, asDraft: true });
  const come = async (number: string, body: Readonly<Record<string, unknown>>): Promise<string> => {
    const message = {
      version: '1.1', messageId: `CLA-${number}`, serial: number.padStart(12, '0'), conversation: `cla.${number}`, sentAt: new Date(ctx.clock.now().getTime() - 60_000).toISOString(), datedOn: '2026-11-20', referralId: sent,
      from: { partnerId: PARTNER, country: 'MX', fileNumber: 'CLA/2026/00000117-EXPEDIENTE-DE-PENSION-ALIMENTICIA', name: [{ lang: 'es-MX', value: 'Consulado General de México' }] }, to: { county: '06037', name: [{ lang: 'en', value: 'County' }] }, ...body,
    };
    const { messageId } = await receiveMessage(ctx, { partnerId: PARTNER, channel: 'api', source: Buffer.from(JSON.stringify(message), 'utf8') });
    await actOnMessage(ctx, messageId);
    return messageId;
  };
  const messageCame = await come('1', {
    acknowledgment: {
      status: 'forwarded', receivedOn: '2026-11-20', remark: [{ sourceLanguage: 'es-MX', targetLanguage: 'en', segment: [{ source: 'Se turnó a la SRE.', target: 'It was passed on to the SRE.' }, { source: 'Se avisará.', target: 'We will tell you.' }] }],
      forwardedTo: { hop: 'central_authority', forwardedOn: '2026-11-20', fileNumber: 'SRE-8872/2026', name: [{ lang: 'es-MX', value: 'Dirección General de Protección a Mexicanos en el Exterior' }] },
    },
    inReplyTo: messageRead,
  });
  const parkedOne = await come('2', {
    paymentLocationChange: { change: 'payment_address', effectiveOn: '2026-12-01', payTo: { name: [{ lang: 'es-MX', value: 'Pagaduría' }], address: { country: 'MX', line: ['Av. Juárez 20'], locality: 'Ciudad de México' } }, account: [{ scheme: 'clabe', value: '032180000118359719', country: 'MX', currency: 'MXN' }] },
  });
  // About no case that we know: nobody in it is protected.
  const messageNumbers = await come('4', { referralId: undefined, informationUpdate: {
    asOf: '2026-11-20', change: [{ kind: 'phone', text: [{ lang: 'es-MX', value: '55 5512 7788' }] }],
    party: [{ participantId: 'p1', role: 'obligee', protected: false, name: { given: 'Rosa', family: 'León' }, phone: ['+52 55 1234 5678', '+52 33 8765 4321'], email: ['rosa.leon@correo.example'], identifier: [{ type: 'CURP', country: 'MX', value: 'BOXW310820HNERXN09' }] }],
  } });
  const asked = await come('3', { documentRequest: { requestId: 'cla-dr-1', neededBy: '2027-02-28', document: [{ kind: 'birth_certificate' }, { kind: 'certified_order' }] } });
  await addAttachment(ctx, sent, { kind: 'birth_certificate', title: 'Legajo 4, foja 17', fileName: 'a.pdf', source: await aPaper('Acta') });
  // Of what is no page, nobody must have read it, whoever is protected.
  const { attachmentId: paper } = await addAttachment(ctx, sent, { kind: 'photograph_obligor', fileName: 'a.jpg', source: aPhotograph() });
  const { messageId: messagePapers } = await sendMessage(ctx, { conversationId: conversation, kind: 'documentResponse', body: {}, papers: [paper], inReplyTo: asked });
  await deliverMessage(ctx, messagePapers);
  return { messagePapers, conversation, conversationKorea: await conversationOf(sentToKorea), messageRead, messageKorea, messageDraft, messageCame, messageNumbers, parkedOne };
}
