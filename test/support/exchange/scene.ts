import { actOnMessage, receiveMessage } from '../../../src/modules/exchange/index.ts';
import type { MessageReceipt, ReceivedMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { JOBS } from '../../../src/jobs/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { takeEvents } from '../../../src/platform/outbox.ts';
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
  /** Runs the jobs that events have woken, until there are no more. Returns which jobs did not end well. */
  work(): Promise<string[]>;
}

export async function exchangeScene(): Promise<ExchangeScene> {
  const incoming = await incomingScene();
  const scene = { ...incoming, officer: { ...incoming.officer, actor: { ...incoming.officer.actor, counties: ['06025', '06037'] } } };
  const client: Ctx = { ...scene.officer, actor: { ...scene.officer.actor, kind: 'client', id: 'cli_consulate', name: 'consulate', counties: 'all' } };
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
    work: () => workOf(scene.operator),
  };
}

const WOKEN = ['act-on-message', 'announce-move', 'announce-sent', 'announce-retrieved', 'announce-incoming', 'import-arrived-list', 'compare-arrived-caseload', 'deliver-message'];

async function workOf(operator: Ctx): Promise<string[]> {
  const failed: string[] = [];
  for (;;) {
    const events = await inTransaction(operator, (tx) => takeEvents(tx, 100));
    if (events.length === 0) return failed;
    for (const { eventId, name, body } of events) {
      for (const job of JOBS.filter((one) => WOKEN.includes(one.name) && one.wakesOn.includes(name))) {
        const system: Ctx = { ...operator, actor: { ...operator.actor, kind: 'system', id: `job:${job.name}` } };
        await job.run(system, { eventId, event: name, body }).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          failed.push(`${job.name} ${error.code} ${error.findings.map(({ code, path }) => `${code}@${path ?? ''}`).join(' ')}`.trim());
        });
      }
    }
  }
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
