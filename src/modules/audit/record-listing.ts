import { createHash } from 'node:crypto';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { insertListing } from './listing.store.ts';
import { recordAudit } from './record-audit.ts';

/** What a line of a list tells of: a case, or what is found by its own id and belongs to one or will. */
export interface ListedThing {
  readonly case?: string | null | undefined;
  readonly referral?: string | null | undefined;
  readonly conversation?: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly inquiry?: string | null | undefined;
  readonly application?: string | null | undefined;
  readonly disbursement?: string | null | undefined;
  /** A payment of which the case is not known: `line-<file>-<line>`. */
  readonly suspense_item?: string | null | undefined;
}

const KINDS = ['referral', 'conversation', 'message', 'inquiry', 'application', 'disbursement', 'suspense_item'] as const;

/** The keys under which the record finds it again; a case says all of what belongs to it. */
export function listedKeys(thing: ListedThing): string[] {
  if (thing.case) return [thing.case];
  return KINDS.flatMap((kind) => (thing[kind] ? [`${kind}/${thing[kind]}`] : []));
}

/** Writes down whose cases a page of a list showed; the same page to the same person once within an hour. */
export async function noteListShown(ctx: Ctx, list: string, things: readonly ListedThing[]): Promise<void> {
  const keys = unique(things.flatMap(listedKeys));
  if (keys.length === 0 || ctx.actor.kind === 'system') return;
  await inTransaction(ctx, async (tx) => {
    const eventId = await recordAudit(tx, { action: 'list.shown', subject: { type: 'list', id: list }, details: { named: keys.length, digest: digestOf(keys) } }, { isOncePerHour: true });
    await insertListing(tx, eventId, keys);
  });
}

/**
 * Writes down that a list, or the next part of it, is handed out as a file, and whom these lines tell of. Before they leave: no record, no file.
 * @param part the first is 1.
 */
export async function noteListExported(ctx: Ctx, { list, part, lines, keys: all }: { readonly list: string; readonly part: number; readonly lines: number; readonly keys: readonly string[] }): Promise<void> {
  const keys = unique(all);
  await inTransaction(ctx, async (tx) => {
    const named: Record<string, number | string> = keys.length === 0 ? {} : { named: keys.length, digest: digestOf(keys) };
    const eventId = await recordAudit(tx, { action: 'list.exported', subject: { type: 'list', id: list }, details: { part, lines, ...named } });
    if (keys.length > 0) await insertListing(tx, eventId, keys);
  });
}

const unique = (keys: readonly string[]): string[] => [...new Set(keys)];

/** The keys in the order of their bytes, one a line. `verifyAudit` computes it from what is kept. */
function digestOf(keys: readonly string[]): string {
  return createHash('sha256').update(keys.map((key) => Buffer.from(key)).sort((a, b) => Buffer.compare(a, b)).join('\n')).digest('hex');
}
