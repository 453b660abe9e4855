import type { CalendarDate } from '../../platform/dates.ts';
import type { Finding } from '../../platform/errors.ts';
import { isInForce, protectedParticipants } from './nondisclosure.rules.ts';
import { RECEIVING_ROLES } from './support-case.rules.ts';
import type { Nondisclosure, Participant, Role, SupportCase } from './support-case.rules.ts';

/** What a case said of somebody's protection before an extract dropped it, shortened it or narrowed it. */
export type Retained = { participantId: string; role: Role } & ({ kind: 'nondisclosure'; nondisclosure: Nondisclosure } | { kind: 'lives_with'; livesWith: string });

/**
 * The case with what is retained: it binds beside what the record says. Where the person is no longer in the case under that
 * id, everyone who has that person's role may be the one, or else everyone.
 */
export function withRetained(supportCase: SupportCase, retained: readonly Retained[]): SupportCase {
  const { participants } = supportCase;
  const ids = new Set(participants.map((participant) => participant.participantId));
  const hasRole = (role: Role): boolean => participants.some((participant) => participant.role === role);
  const isOf = (one: Retained, { participantId, role }: Participant): boolean => (ids.has(one.participantId) ? one.participantId === participantId : hasRole(one.role) ? one.role === role : true);
  const receivers = participants.filter(({ role }) => RECEIVING_ROLES.includes(role)).map(({ participantId }) => participantId);
  return {
    ...supportCase,
    participants: participants.map((participant) => {
      // A field of that name in an extract is not ours.
      const { retained: _foreign, ...person } = participant;
      const mine = retained.filter((one) => isOf(one, participant));
      if (mine.length === 0) return person;
      return {
        ...person,
        retained: {
          nondisclosures: mine.flatMap((one) => (one.kind === 'nondisclosure' ? [one.nondisclosure] : [])),
          livesWith: mine.flatMap((one) => (one.kind !== 'lives_with' ? [] : ids.has(one.livesWith) ? [one.livesWith] : receivers)),
        },
      };
    }),
  };
}

export interface Loss { retained: Retained[]; findings: Finding[] }

/**
 * What one version says of protections and the next does not: left out, with an earlier last day, against fewer, or with
 * another household. An extract may forget; only a person ends a protection.
 */
export function lostProtections(before: SupportCase, after: SupportCase, on: CalendarDate): Loss {
  const loss: Loss = { retained: [], findings: [] };
  const sealed = protectedParticipants(before, on);
  if (sealed.size === 0) return loss;
  const lose = (retained: Retained, code: string, path: string): void => {
    loss.retained.push(retained);
    loss.findings.push({ code: `cases.${code}`, severity: 'warn', path });
  };
  for (const { participantId, role, nondisclosure, livesWith } of before.participants) {
    const index = after.participants.findIndex((participant) => participant.participantId === participantId);
    const now = after.participants[index];
    const path = (field: string): string => (now ? `/participants/${index}/${field}` : '/participants');
    if (nondisclosure && isInForce(nondisclosure, on) && !covers(now?.nondisclosure, nondisclosure)) {
      lose({ participantId, role, kind: 'nondisclosure', nondisclosure }, now?.nondisclosure ? 'protection_narrowed' : 'protection_dropped', path('nondisclosure'));
    }
    if (livesWith !== undefined && sealed.has(participantId) && now?.livesWith !== livesWith) {
      lose({ participantId, role, kind: 'lives_with', livesWith }, 'household_changed', path('livesWith'));
    }
  }
  return loss;
}

/** Whether a nondisclosure protects at least as long and against as many as another. */
function covers(now: Nondisclosure | undefined, before: Nondisclosure): boolean {
  if (!now) return false;
  const isAsLong = now.until === undefined || (before.until !== undefined && now.until >= before.until);
  return isAsLong && (now.against === undefined || now.against === before.against);
}
