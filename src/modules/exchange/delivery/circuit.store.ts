import type { TxCtx } from '../../../platform/context.ts';
import { CLOSED } from './circuit.rules.ts';
import type { Circuit } from './circuit.rules.ts';

export interface CircuitRow extends Circuit {
  readonly partnerId: string;
  readonly channel: string;
  readonly changedAt: Date;
}

const COLUMNS = 'partner_id as "partnerId", channel, state, failures, openings, retry_at as "retryAt", changed_at as "changedAt"';

/** The circuit, which is nobody else's until the transaction ends. */
export async function lockCircuit(ctx: TxCtx, partnerId: string, channel: string): Promise<Circuit> {
  await ctx.tx.query(
    `insert into exchange_circuits (agency_id, partner_id, channel, state, failures, changed_at) values ($1, $2, $3, 'closed', 0, $4) on conflict do nothing`,
    [ctx.actor.agency, partnerId, channel, ctx.clock.now()]);
  const rows = await ctx.tx.query<CircuitRow[]>(
    `select ${COLUMNS} from exchange_circuits where agency_id = $1 and partner_id = $2 and channel = $3 for update`, [ctx.actor.agency, partnerId, channel]);
  return rows[0] ?? CLOSED;
}

export async function setCircuit(ctx: TxCtx, partnerId: string, channel: string, circuit: Circuit): Promise<void> {
  await ctx.tx.query(
    `update exchange_circuits set state = $4, failures = $5, openings = $6, retry_at = $7, changed_at = $8 where agency_id = $1 and partner_id = $2 and channel = $3`,
    [ctx.actor.agency, partnerId, channel, circuit.state, circuit.failures, circuit.openings, circuit.retryAt, ctx.clock.now()]);
}

export async function selectCircuits(ctx: TxCtx): Promise<CircuitRow[]> {
  return ctx.tx.query<CircuitRow[]>(`select ${COLUMNS} from exchange_circuits where agency_id = $1 order by state = 'closed', partner_id, channel`, [ctx.actor.agency]);
}
