import type { PartnerProfile } from '../../partners/index.ts';
import type { FormSet } from '../documents/form-set.rules.ts';
import { AWAITED_ITEMS } from './lifecycle-table.rules.ts';
import type { AwaitedItem } from './lifecycle-table.rules.ts';

type Paper = PartnerProfile['documents'][number]['value'];

/** What a packet has: the forms that it sets, and the kinds of the papers attached. */
export interface InPacket {
  readonly documents: readonly string[];
  readonly attachments: readonly string[];
}

/** The papers that the profile asks for with these services, by their place in it. */
export function papersFor(partner: PartnerProfile, services: readonly string[]): { readonly index: number; readonly paper: Paper }[] {
  return partner.documents.map((fact, index) => ({ index, paper: fact.value }))
    .filter(({ paper }) => paper.services === 'all' || paper.services.some((service) => services.includes(service)));
}

/** Those of them that are not in the packet and so follow it. */
export function papersToFollow(partner: PartnerProfile, services: readonly string[], set: FormSet, { documents, attachments }: InPacket): { readonly index: number; readonly paper: Paper }[] {
  return papersFor(partner, services).filter(({ paper }) => {
    if (paper.form === 'datum' || paper.code === 'cover_letter') return false;
    const { forms = [], kinds = [] } = set.papers?.[paper.code] ?? {};
    return !forms.some((form) => documents.includes(form)) && !kinds.some((kind) => attachments.includes(kind));
  });
}

/** In what form the profile asks for a paper of one of these kinds, as a code (`testimony:asked.*`). */
export function askedForm(partner: PartnerProfile, services: readonly string[], set: FormSet, kinds: readonly string[]): string {
  const asked = papersFor(partner, services).find(({ paper }) => set.papers?.[paper.code]?.kinds?.some((kind) => kinds.includes(kind)));
  if (!asked || !ASKED_FORMS.some((form) => form === asked.paper.form)) return 'not_said';
  return asked.paper.apostille ? `${asked.paper.form}_apostille` : asked.paper.form;
}

const ASKED_FORMS = ['original', 'certified_copy', 'copy'] as const;

/** What must come from outside before sealing, as the profile has it for these services. Papers for some families only (`when`) are nobody's rule. */
export function itemsAsked(partner: PartnerProfile, services: readonly string[]): AwaitedItem[] {
  const papers = papersFor(partner, services).map(({ paper }) => paper).filter((paper) => paper.when === undefined);
  const asked = new Set<AwaitedItem>();
  if (papers.some(({ form }) => form === 'certified_copy')) asked.add('certified_copies');
  if (papers.some(({ apostille }) => apostille)) asked.add('apostille');
  if (papers.some(({ code }) => code === 'translation_certified')) asked.add('translator_certificate');
  if (partner.exchangeBasis.value.approverNeeded) asked.add('approval');
  return AWAITED_ITEMS.filter((item) => asked.has(item));
}
