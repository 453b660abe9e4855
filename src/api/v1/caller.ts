import type { Call } from './answer.ts';
import type { ClientActor } from '../../modules/identity/index.ts';

/** The client of an operation that needs one: the frame has let nobody else through. */
export function clientOf({ client }: Call): ClientActor {
  if (!client) throw new Error('fault: an operation that needs a client was called without one');
  return client;
}

export const partnerOf = (call: Call): string => clientOf(call).partner;
