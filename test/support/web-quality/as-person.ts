import { actorOf, listUsers } from '../../../src/modules/identity/index.ts';
import { createOrder } from '../../../src/modules/payments/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { importRegister, LA } from '../reconciliation/scene.ts';

/** As one of the people of a site, by user name. */
export async function asPerson(ctx: Ctx, userName: string): Promise<Ctx> {
  return { ...ctx, actor: await actorOf(ctx, (await listUsers(ctx)).find((user) => user.userName === userName)?.userId ?? '') };
}

/** An order that the clerk has made of so many payments; gives its id. */
export async function anOrder(ctx: Ctx, payments: number): Promise<string> {
  await importRegister(ctx, Array.from({ length: payments }, (_, i) => `DSBLA26090000${i + 1},BT9,200000000000${i + 1},${LA},ROSA MEZA,362.00,USD,2026-10-01,consulate`));
  return (await createOrder(await asPerson(ctx, 'reconciler'), { partnerId: LA, currency: null, executionOn: null, again: false })).orderId ?? '';
}
