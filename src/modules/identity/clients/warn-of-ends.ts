import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import { endsSoon } from './client.rules.ts';
import { selectClients } from './client.store.ts';
import { selectKeys } from './partner-key.store.ts';

const CREDENTIALS_MAX = 500;
const AGENCY_ZONE = 'America/Los_Angeles';
const CODES = { client: 'exchange.client_ends', key: 'exchange.partner_key_ends' } as const;

/** An alarm for each client and key that is about to end, once for its last day; it stands until there is a new secret, or the client or key was shut out. */
export async function warnOfEnds(ctx: Ctx): Promise<number> {
  authorise(ctx, 'clients.view');
  return inTransaction(ctx, async (tx) => {
    const clients = (await selectClients(tx, CREDENTIALS_MAX)).map((one) => ({ ...one, code: CODES.client, id: one.clientId }));
    const keys = (await selectKeys(tx, CREDENTIALS_MAX)).map((one) => ({ ...one, code: CODES.key, id: one.keyId }));
    let raised = 0;
    for (const { code, id, partnerId, name, expiresAt } of [...clients, ...keys].filter((one) => endsSoon(one, tx.clock.now()))) {
      if (await raiseAlarm(tx, { code, subject: id, aboutOn: calendarDate(expiresAt, AGENCY_ZONE), partnerId, params: { partner: partnerId, name } })) raised++;
    }
    return raised;
  });
}

/** What was warned of is settled. */
export async function endWarning(tx: TxCtx, what: keyof typeof CODES, id: string): Promise<void> {
  await endAlarms(tx, { code: CODES[what], subject: id, by: tx.actor.id });
}
