import { announceMove, announceSent, deliverReferral } from '../modules/exchange/index.ts';
import type { MoveToAnnounce } from '../modules/exchange/index.ts';
import type { Job } from './job.ts';
import { toldOrAlarm } from './told-or-alarm.ts';

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Tells the partner of a move of the agency's, or keeps what the partner's officer did on our page as a message of the partner's. */
export const announceMoveJob: Job = {
  name: 'announce-move',
  wakesOn: ['referral.moved'],
  async run(ctx, { eventId, body }) {
    // What was relayed before moves told their day has been told by hand.
    if (typeof body['on'] !== 'string') return;
    const [referralId, on] = [String(body['referralId']), body['on']];
    await toldOrAlarm(ctx, referralId, () => announceMove(ctx, {
      eventId, referralId, move: String(body['move']), from: body['from'] as MoveToAnnounce['from'], to: body['to'] as MoveToAnnounce['to'], reason: textOr(body['reason']),
      hop: textOr(body['hop']), on, promisedOn: textOr(body['promisedOn']), saidBy: textOr(body['saidBy']), isPartners: body['isPartners'] === true,
    }));
  },
};

/** Sends our sealed request by the partner's channels, besides the page. */
export const announceSentJob: Job = {
  name: 'announce-sent',
  wakesOn: ['referral.sent'],
  async run(ctx, { body }) {
    const referralId = String(body['referralId']);
    await toldOrAlarm(ctx, referralId, () => announceSent(ctx, { referralId, packetId: String(body['packetId']) }));
  },
};

/** A request that the partner has fetched has reached it. */
export const announceRetrievedJob: Job = {
  name: 'announce-retrieved',
  batch: 20,
  wakesOn: ['message.retrieved'],
  async run(ctx, { body }) {
    await deliverReferral(ctx, String(body['messageId']));
  },
};
