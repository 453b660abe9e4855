import type { Config, Language } from './config.ts';

export const ROLES = ['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Every use case authorises this actor first, and every query is scoped by it, in code and by row-level security. */
export interface Actor {
  /** A person, a program of a partner's (which has `scopes` besides), or this installation itself. */
  readonly kind: 'user' | 'client' | 'system';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly agency: string;
  /** FIPS codes of the counties whose cases this actor may see. */
  readonly counties: readonly string[] | 'all';
  /** Set for a partner's officer, who then sees only that partner's exchanges. */
  readonly partner: string | null;
  /** Whose officer acts, where the gateway writes for one and rows are not scoped by the partner: events say it. */
  readonly office?: string | null;
  readonly language: Language;
  /** What a partner's program was given leave for, within what its role may do. Looked at by the edge through which it comes. */
  readonly scopes?: readonly string[];
}

/** The gateway writing under the name of a partner's officer, for the time of one use case that has authorised: the scope widens, whose officer it is stays known. */
export const writingFor = (actor: Actor): Actor => ({ ...actor, roles: [], counties: 'all', partner: null, office: actor.partner ?? actor.office ?? null });

/** The person at the command line of the gateway's own machine, or one of its jobs. */
export function operatorActor(config: Config): Actor {
  return Object.freeze({
    kind: 'system', id: 'operator', name: 'operator', roles: ['operator'] as const,
    agency: config.agency, counties: 'all', partner: null, language: config.language,
  });
}
