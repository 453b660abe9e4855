import { postTransfer } from '../../src/modules/ledger/index.ts';
import type { Leg, Transfer } from '../../src/modules/ledger/index.ts';
import { inTransaction } from '../../src/platform/context.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { behindTheWall } from './database.ts';
import type { TestDatabase } from './database.ts';

export const PARTNER = 'mx-consulate-calexico';

export const inTransit = (amountMinor: bigint, currency = 'USD'): Leg => ({ kind: 'in_transit', partnerId: PARTNER, currency, amountMinor });
export const deliveredTo = (caseId: string, amountMinor: bigint, currency = 'USD'): Leg => ({ kind: 'delivered', caseId, county: '06025', currency, amountMinor });

/** Money delivered to a case, in transit before. */
export const delivery = (transferKey: string, caseId: string, amountMinor: bigint, occurredOn = '2026-03-02'): Transfer => ({
  transferKey, event: 'disbursement.delivered', occurredOn, legs: [inTransit(-amountMinor), deliveredTo(caseId, amountMinor)],
});

export const post = (ctx: Ctx, transfer: Transfer): Promise<{ isNew: boolean }> => inTransaction(ctx, (tx) => postTransfer(tx, transfer));

/** As the owner of the database who switches every wall off, and puts it back. */
export async function tamper(db: TestDatabase, statements: string): Promise<void> {
  const tables = ['batches', 'transfers', 'entries', 'balances', 'accounts', 'pendings', 'pending_entries', 'resolutions'].map((name) => `ledger_${name}`);
  await behindTheWall(db, `${tables.map((table) => `alter table ${table} disable trigger all;`).join(' ')} ${statements};
    ${tables.map((table) => `alter table ${table} enable trigger all;`).join(' ')}`);
}
