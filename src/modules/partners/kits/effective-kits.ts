import { inTransaction, operatorActor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { overlayTerms } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { checkedProfile } from '../load-partners.ts';
import type { PartnerProfile } from '../partner-profile.rules.ts';
import { overlayPartners } from '../partner-registry.ts';
import { selectNewest, selectStamp } from './kit.store.ts';
import type { KitVersion } from './kit.store.ts';

type Ground = Omit<Ctx, 'actor' | 'tx'>;

const LOOK_EVERY_MS = 2_000;

let seen: { readonly db: Ctx['db']; readonly stamp: number } | null = null;

/**
 * Brings what was changed on screen into force in this process, if there is anything new. A version that the program no longer understands is left
 * out and logged by its id: the file of that partner, or what was in force at the start, holds then.
 */
export async function refreshKits(ground: Ground): Promise<void> {
  const ctx: Ctx = { ...ground, actor: operatorActor(ground.config) };
  await inTransaction(ctx, async (tx) => {
    const stamp = await selectStamp(tx);
    if (seen?.db === ground.db && seen.stamp === stamp) return;
    const newest = await selectNewest(tx);
    overlayPartners(partnersIn(newest, ground));
    overlayTerms(new Map(newest.flatMap(({ kind, key, content }) => (kind === 'term' && content !== null ? [[key, content as GlossaryTerm] as const] : []))));
    seen = { db: ground.db, stamp };
  });
}

function partnersIn(newest: readonly KitVersion[], { log }: Ground): Map<string, PartnerProfile> {
  const edited = new Map<string, PartnerProfile>();
  for (const { kind, key, version, content } of newest) {
    if (kind !== 'partner' || content === null) continue;
    const { profile, findings } = checkedProfile(content);
    if (profile !== null && profile.partnerId === key) edited.set(key, profile);
    else log.error({ partnerId: key, version, findings: findings.length }, 'a saved partner profile is not understood and left out');
  }
  return edited;
}

/** Looks every other second whether another process saved something. */
export function followKits(ground: Ground): { close(): Promise<void> } {
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    looking = looking.then(() => refreshKits(ground)).catch((error: unknown) => ground.log.warn({ error }, 'changed kits could not be looked for'));
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
