import { namesOfPeople } from '../../../modules/reconciliation/index.ts';
import type { Ctx } from '../../../platform/context.ts';

/** Who people are, by the ids that claims and decisions carry. */
export const peopleNames = (ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => namesOfPeople(ctx, [...new Set(ids.filter((id) => id !== ''))]);
