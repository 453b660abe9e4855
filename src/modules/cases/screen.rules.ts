import type { CalendarDate } from '../../platform/dates.ts';
import { protectionOf } from './disclosure.rules.ts';
import { isPlaceOpen } from './participant-disclosure.rules.ts';
import { isOwnSuperiorCourt } from './county-court.rules.ts';
import type { Participant, SupportCase } from './support-case.rules.ts';

/** What a screen of the office may show of a person's names and place. */
export interface ScreenPerson {
  isProtected: boolean;
  name: Participant['name'];
  place: { country: string; locality: string | null; region: string | null } | null;
}

/** Made by the same decisions as what leaves: by participant id who is shown how, and the ids of orders whose court is not shown. */
export interface Screen { people: ReadonlyMap<string, ScreenPerson>; hiddenForums: ReadonlySet<string> }

const NAMELESS = Object.freeze({ given: '…', family: '' });

export function screenOf(supportCase: SupportCase, on: CalendarDate): Screen {
  const protection = protectionOf(supportCase, on);
  const { sealed, near, whereabouts } = protection;
  const people = supportCase.participants.map((person): [string, ScreenPerson] => {
    const isProtected = sealed.has(person.participantId);
    const isBeside = isProtected || near.has(person.participantId);
    const { aliases = [], ...main } = person.name;
    const isTelling = whereabouts.tells(Object.values(main).join(' '), 'main_name');
    const shownAliases = isBeside ? [] : aliases.filter((alias) => !whereabouts.tells(alias, 'other'));
    const { residence } = person;
    const isPlaced = residence !== undefined && !isBeside && isPlaceOpen(residence, protection);
    return [person.participantId, {
      isProtected, name: { ...(isTelling ? NAMELESS : main), ...(shownAliases.length > 0 ? { aliases: shownAliases } : {}) },
      place: isPlaced ? { country: residence.country, locality: residence.locality ?? null, region: residence.region ?? null } : null,
    }];
  });
  const hidden = supportCase.orders.filter((order) => sealed.size > 0 && !isOwnSuperiorCourt(order, supportCase.county));
  return { people: new Map(people), hiddenForums: new Set(hidden.map((order) => order.orderId)) };
}
