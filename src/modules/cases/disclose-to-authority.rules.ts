import type { CalendarDate } from '../../platform/dates.ts';
import { disclose } from './disclosure.rules.ts';
import type { Disclosure } from './disclosure.rules.ts';
import type { Recipient } from './disclosure-ledger.rules.ts';
import type { Participant, SupportCase } from './support-case.rules.ts';

/**
 * What a named authority may see in a part that is sealed for it alone: protections do not bind there (design rule 7 names this one
 * exception), provenance does as everywhere. Only for what is encrypted to that authority's certificate, where the partner's profile allows it.
 */
export function discloseToAuthority(supportCase: SupportCase, recipient: Recipient, on: CalendarDate): Disclosure {
  const open = supportCase.participants.map((participant): Participant => {
    const { nondisclosure: _protection, retained: _retained, ...rest } = participant;
    return rest;
  });
  return disclose({ ...supportCase, participants: open }, recipient, on);
}
