import { createHash } from 'node:crypto';
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
 * @param options `isOncePerHour`: for looking at something, which a person does again and again: the first of the same within an hour is kept.
 * @returns the event's id.
 */
export async function recordAudit(ctx: TxCtx, event: AuditEvent, { isOncePerHour = false }: { readonly isOncePerHour?: boolean } = {}): Promise<string> {
  assertCodesOnly(event);
  const eventId = isOncePerHour ? hourlyId(ctx, event) : newId('aud');
  await insertEvent(ctx, eventId, event);
  return eventId;
}

/** The same for the same person, action and subject within an hour: its second row is none. Known without reading, as who may not read the record writes it, too. */
function hourlyId({ actor, clock }: TxCtx, { action, subject, details }: AuditEvent): string {
  const hour = clock.now().toISOString().slice(0, 13);
  const digest = createHash('sha256').update(JSON.stringify([actor.agency, actor.kind, actor.id, action, subject.type, subject.id, details ?? {}, hour])).digest('hex');
  return `aud_${digest.slice(0, 26).toUpperCase()}`;
}
