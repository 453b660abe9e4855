import type { TxCtx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import type { CalendarDate, Clock } from '../../../platform/dates.ts';
import { agreementOn, mergedVersions } from './agreement.rules.ts';
import type { AgreementOnDay, AgreementVersion } from './agreement.rules.ts';
import { selectEnds, selectVersions } from './agreement.store.ts';
import type { RecordedEnd, RecordedVersion } from './agreement.store.ts';
import { agreementFiles } from './load-agreements.ts';

const AGENCY_ZONE = 'America/Los_Angeles';

/** The agency's day, on which agreements begin and end. */
export function agencyDay(clock: Clock): CalendarDate {
  return calendarDate(clock.now(), AGENCY_ZONE);
}

export interface KnownAgreements {
  /** By agreement, its versions in order. */
  readonly versions: ReadonlyMap<string, readonly AgreementVersion[]>;
  readonly recorded: readonly RecordedVersion[];
  readonly ends: readonly RecordedEnd[];
}

/** Files and what the agency recorded, as far as the actor may see it: to a partner's officer what its own partner takes part in. */
export async function knownAgreements(ctx: TxCtx): Promise<KnownAgreements> {
  const recorded = await selectVersions(ctx);
  const ends = await selectEnds(ctx);
  const versions = mergedVersions(agreementFiles(), recorded.map(({ record }) => ({ record, origin: 'recorded' })), ends);
  const { partner } = ctx.actor;
  const seen = partner === null ? versions : new Map([...versions].filter(([, of]) => of.some(({ record }) => record.partners.value.includes(partner))));
  return { versions: seen, recorded, ends };
}

export function onDay({ versions, ends }: Pick<KnownAgreements, 'versions' | 'ends'>, on: CalendarDate): AgreementOnDay[] {
  return [...versions.values()].flatMap((of) => agreementOn(of, ends, on) ?? []);
}
