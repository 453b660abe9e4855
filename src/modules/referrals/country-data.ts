import { listPartners } from '../partners/index.ts';
import { authorise } from '../../platform/authorise.ts';
import type { Ctx } from '../../platform/context.ts';
import { unconfirmedIn, unconfirmedInFile } from '../../platform/unconfirmed.ts';
import type { UnconfirmedDatum } from '../../platform/unconfirmed.ts';
import { getClock, listClocks, listOfficeCalendars, officeDay } from './clocks/index.ts';
import { formLibrary } from './documents/form-library.ts';
import type { FormOrigin } from './documents/form.rules.ts';
import { wordsOfSet } from './documents/form-words.rules.ts';

/** What nobody has confirmed of clocks, calendars, forms, offices, interest and authorities. */
export function unconfirmedReferralData(ctx: Ctx): UnconfirmedDatum[] {
  authorise(ctx, 'kits.view');
  const { forms, sets } = formLibrary();
  return [
    ...unconfirmedIn('clocks', 'clocks.json', { clocks: listClocks().map((clock) => getClock(clock.clock)) }),
    ...listOfficeCalendars().flatMap((calendar) => unconfirmedIn('calendars', `calendars/${calendar.calendarId}.json`, calendar)),
    ...[...forms.values()].flatMap((form) => unconfirmedIn('forms', `forms/${form.formId}.json`, { corresponds: form.corresponds })),
    ...[...sets.values()].flatMap((set) => unconfirmedIn('form_sets', `form-sets/${set.setId}.json`, set)),
    ...unconfirmedInFile('offices', new URL('./packets/offices/us-ca.json', import.meta.url), 'offices/us-ca.json'),
    ...unconfirmedInFile('interest', new URL('./arrears/interest-rules.json', import.meta.url), 'interest-rules.json'),
    ...unconfirmedInFile('authorities', new URL('./disclosures/authorities.json', import.meta.url), 'authorities.json'),
  ];
}

/** One form of our packets, and the official form whose fields it carries. */
export interface KnownForm {
  readonly formId: string;
  /** Key of its title. */
  readonly title: string;
  readonly origin: FormOrigin | null;
  /** The edition has run out: its OMB number has expired. */
  readonly isExpired: boolean;
  readonly isSealedPart: boolean;
  readonly sets: readonly string[];
  /** Ids of the partners whose packets may carry it. */
  readonly partners: readonly string[];
  /** Partners that take only the official PDF. */
  readonly officialFor: readonly string[];
}

/** Every form with its edition, and who uses it. */
export function listForms(ctx: Ctx): readonly KnownForm[] {
  authorise(ctx, 'kits.view');
  const library = formLibrary();
  const today = officeDay(ctx);
  const used = new Map([...library.sets.values()].map((set) => [set.setId, JSON.stringify(set)]));
  return [...library.forms.values()].map((form) => {
    const sets = [...used].filter(([, text]) => text.includes(`"${form.formId}"`)).map(([setId]) => setId);
    const partners = listPartners().filter((partner) => sets.includes(partner.packet.value.forms));
    const origin = form.corresponds ?? null;
    return {
      formId: form.formId, title: form.title, origin, isExpired: origin?.ombExpires !== undefined && origin.ombExpires < today, isSealedPart: form.isSealedPart === true, sets,
      partners: partners.map(({ partnerId }) => partnerId), officialFor: partners.filter((partner) => partner.officialForms?.value.includes(form.formId)).map(({ partnerId }) => partnerId),
    };
  });
}

/** The official forms of which ours have the items: what a paper filled by hand may be. Public knowledge, as the partners' profiles. */
export function officialForms(): readonly Pick<KnownForm, 'formId' | 'title'>[] {
  return [...formLibrary().forms.values()].filter(({ corresponds }) => corresponds !== undefined).map(({ formId, title }) => ({ formId, title }));
}

/** Each set of forms, with how many forms and words it asks for and which parts of it are not there. */
export function listFormSets(ctx: Ctx): readonly { readonly setId: string; readonly unknown: readonly string[]; readonly partners: readonly string[] }[] {
  authorise(ctx, 'kits.view');
  const library = formLibrary();
  return [...library.sets.values()].map((set) => ({
    setId: set.setId, unknown: wordsOfSet(set, library).unknown.map(({ name }) => name), partners: listPartners().filter((partner) => partner.packet.value.forms === set.setId).map(({ partnerId }) => partnerId),
  }));
}
