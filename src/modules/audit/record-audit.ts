import type { TxCtx } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { assertCodesOnly } from './audit-event.rules.ts';
import type { AuditEvent } from './audit-event.rules.ts';
import { insertEvent } from './audit-event.store.ts';

/**
 * Records what the actor did or saw, in the transaction that does it: no record, no action. One event for a file or a run, not
 * for each of its lines. Details are ids, codes and counts, never a name, an address or an identifier of a person.
 *
 * Actions and their fields are published in `actions.json`; a test refuses one that is not listed there.
 * @returns the event's id.
 */
export async function recordAudit(ctx: TxCtx, event: AuditEvent): Promise<string> {
  assertCodesOnly(event);
  const eventId = newId('aud');
  await insertEvent(ctx, eventId, event);
  return eventId;
}
