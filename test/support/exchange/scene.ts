import { actOnMessage, receiveMessage } from '../../../src/modules/exchange/index.ts';
import type { MessageReceipt, ReceivedMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { CALEXICO } from '../referrals-incoming/messages.ts';
import { incomingScene } from '../referrals-incoming/scene.ts';
import type { IncomingScene } from '../referrals-incoming/scene.ts';

export { CALEXICO } from '../referrals-incoming/messages.ts';

/** The scene of what comes in, with a program of the consulate's, and a way to say things as the consulate would. */
export interface ExchangeScene extends IncomingScene {
  readonly client: Ctx;
  /** A request of ours, sealed and sent. */
  sent(caseId?: string, services?: readonly string[]): Promise<{ referralId: string; packetId: string }>;
  say(message: unknown, given?: Partial<MessageReceipt>, who?: Ctx): Promise<ReceivedMessage>;
  act(message: { readonly messageId: string }): Promise<'acted' | 'parked'>;
}

export async function exchangeScene(): Promise<ExchangeScene> {
  const scene = await incomingScene();
  const client: Ctx = { ...scene.officer, actor: { ...scene.officer.actor, kind: 'client', id: 'cli_consulate', name: 'consulate' } };
  return {
    ...scene, client,
    sent: async (caseId = 'IM-1', services = ['enforce']) => {
      const { referralId } = await createReferral(scene.operator, { caseId, partnerId: CALEXICO, services });
      const built = await buildPacket(scene.operator, referralId);
      await sendReferral(scene.operator, referralId);
      return { referralId, packetId: built.packetId ?? '' };
    },
    say: (message, given = {}, who = client) => receiveMessage(who, { partnerId: CALEXICO, channel: 'api', source: Buffer.from(JSON.stringify(message), 'utf8'), ...given }),
    act: ({ messageId }) => actOnMessage(scene.operator, messageId),
  };
}

let numbers = 0;
export const nextId = (prefix = 'CLX'): string => `${prefix}-${String(++numbers).padStart(6, '0')}`;
export const nextSerial = (): string => String(++numbers).padStart(12, '0');

type Parts = Readonly<Record<string, unknown>>;

/** A message as the consulate writes it. */
export function fromConsulate(body: Parts, header: Parts = {}): Parts {
  return {
    version: '1.1', messageId: nextId(), serial: nextSerial(), sentAt: '2026-11-20T11:59:00Z', datedOn: '2026-11-20',
    from: { partnerId: CALEXICO, country: 'MX', fileNumber: 'CLX/2026/0007', name: [{ lang: 'es-MX', value: 'Consulado de México en Calexico' }] },
    to: { county: '06025', fileNumber: 'IM-1', name: [{ lang: 'en', value: 'County of Imperial' }] },
    ...header, ...body,
  };
}

export const accepted = (header: Parts = {}): Parts => fromConsulate({ acknowledgment: { status: 'complete', receivedOn: '2026-11-20' } }, header);
