import { announceRefused, keepIncoming, tieIncoming } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';
import { toldOrAlarm } from './told-or-alarm.ts';

/** What came in by another door than that of messages is proven and on the timeline, too; what a person decides about it is told. */
export const announceIncomingJob: Job = {
  name: 'announce-incoming',
  wakesOn: ['incoming.received', 'incoming.accepted', 'incoming.refused'],
  async run(ctx, { event, eventId, body }) {
    const incomingId = String(body['incomingId']);
    if (event === 'incoming.received' && body['isMessage'] !== true) await keepIncoming(ctx, incomingId, body['isPartners'] === true ? 'portal' : 'courier');
    if (event === 'incoming.accepted') await tieIncoming(ctx, incomingId, String(body['referralId']));
    if (event === 'incoming.refused') await toldOrAlarm(ctx, incomingId, () => announceRefused(ctx, { eventId, incomingId, reason: String(body['reason']) }));
  },
};
