import { createHash } from 'node:crypto';
import { tribunalNames } from '../packets/offices.ts';
import type { PacketCase, PacketModel, PacketParty, PacketSeal } from '../packets/packet-model.rules.ts';
import { textsOf } from './document.rules.ts';
import type { Block, Pair, Words } from './document.rules.ts';
import { formBlocks } from './form-blocks.rules.ts';
import type { ListedDocument } from './form-blocks.rules.ts';
import type { FormLibrary } from './form-library.ts';
import { findPlace, holds } from './form-scope.rules.ts';
import type { Scope } from './form-scope.rules.ts';
import { optionOf, plannedForms } from './form-set.rules.ts';
import type { FormSet } from './form-set.rules.ts';
import type { FormDefinition } from './form.rules.ts';

/** One document of a packet, set in both languages. */
export interface ComposedDocument extends ListedDocument {
  readonly formId: string;
  readonly blocks: readonly Block[];
}

export interface ComposedDocuments {
  readonly documents: readonly ComposedDocument[];
  /** Sealed apart, never part of the PDF. */
  readonly sealedParts: readonly ComposedDocument[];
  readonly blocks: readonly Block[];
}

// The list names the others and their digests, so it is set last.
const LIST = 'document_list';

export interface ToCompose {
  readonly model: PacketModel;
  readonly seal: PacketSeal;
  /** The message beside the documents, for their list. */
  readonly message: { readonly fileName: string; readonly sha256: string };
  /** The case as the named authority may see it; null where no part is sealed apart. */
  readonly sealedCase: PacketCase | null;
}

/** Sets every document that the services, the country and the model ask for. @throws a fault where a set names a form that is not there. */
export function composeDocuments({ model, seal, message, sealedCase }: ToCompose, words: Words, library: FormLibrary): ComposedDocuments {
  const set = formSetOf(model, library);
  const scope = { ...scopeOf(model, seal, set), message };
  const formIds = plannedForms(set, model.services, model.partner.country, scope);
  const compose = (ids: readonly string[], given: Scope): ComposedDocument[] => ids.flatMap((formId) => documentsOf(formOf(formId, library), given, words, library));
  const documents = compose(formIds.filter((formId) => formId !== LIST), scope);
  const list = formIds.includes(LIST) ? compose([LIST], { ...scope, documents: withList(documents, words, library) }) : [];
  const all = [...documents, ...list.map((document) => ({ ...document, digest: null }))];
  return {
    documents: all,
    sealedParts: sealedCase === null ? [] : compose(set.sealedParts, { ...scopeOf({ ...model, supportCase: marked(sealedCase, model.supportCase) }, seal, set), message }),
    blocks: all.flatMap((document): Block[] => [{ kind: 'document', id: document.id, title: document.title }, ...document.blocks]),
  };
}

// Before a packet is sealed it has no number and no date.
const UNSEALED: PacketSeal = { packetId: '', datedOn: '' };

/** Protections do not bind in a sealed part, but it must say of whom they hold: `isNondisclosed` as everybody else sees them. */
function marked(sealedCase: PacketCase, told: PacketCase): PacketCase {
  const guarded = new Set(told.parties.filter((party) => party.isProtected).map((party) => party.participantId));
  return { ...sealedCase, parties: sealedCase.parties.map((party) => ({ ...party, isNondisclosed: guarded.has(party.participantId) })) };
}

/** The forms that a packet of this model would have. */
export function plannedDocuments(model: PacketModel, library: FormLibrary): string[] {
  const set = formSetOf(model, library);
  return plannedForms(set, model.services, model.partner.country, scopeOf(model, UNSEALED, set));
}

/** The documents that a packet of this model would have, with their titles: what composing them tells, without setting any. */
export function documentTitles({ model, seal, message }: Omit<ToCompose, 'sealedCase'>, words: Words, library: FormLibrary): Omit<ListedDocument, 'digest'>[] {
  const set = formSetOf(model, library);
  const scope = { ...scopeOf(model, seal, set), message };
  const formIds = plannedForms(set, model.services, model.partner.country, scope);
  const titled = (ids: readonly string[], given: Scope): Instance[] => ids.flatMap((formId) => instancesOf(formOf(formId, library), given, words));
  const documents = titled(formIds.filter((formId) => formId !== LIST), scope);
  const list = formIds.includes(LIST) ? titled([LIST], { ...scope, documents: withList(documents.map((one) => ({ ...one, digest: null })), words, library) }) : [];
  return [...documents, ...list].map(({ id, title }) => ({ id, title }));
}

/** What stands at a place of the model, for the fields of official forms: texts as the forms of that language write them. */
export function lookupIn(model: PacketModel, library: FormLibrary): (place: string) => string | boolean | null {
  const scope = scopeOf(model, UNSEALED, formSetOf(model, library));
  return (place) => {
    // The fields of an official form have names of its own, which need be none of ours.
    if (!Object.hasOwn(scope, place.split('.')[0] ?? '')) return null;
    const { value } = findPlace(scope, place);
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    return typeof value === 'number' ? String(value) : null;
  };
}

function formSetOf(model: Pick<PacketModel, 'partner'>, library: FormLibrary): FormSet {
  const set = library.sets.get(model.partner.formSet);
  if (!set) throw new Error(`fault: there is no set of forms ${model.partner.formSet}`);
  return set;
}

function formOf(formId: string, library: FormLibrary): FormDefinition {
  const form = library.forms.get(formId);
  if (!form) throw new Error(`fault: there is no form ${formId}`);
  return form;
}

function withList(documents: readonly ListedDocument[], words: Words, library: FormLibrary): ListedDocument[] {
  return [...documents, { id: LIST, title: words.pair(formOf(LIST, library).title), digest: null }];
}

const REPEATED = {
  each_dependent: { place: 'dependents', as: 'child' },
  each_order: { place: 'orders', as: 'order' },
  each_translation: { place: 'translations', as: 'translation' },
} as const;

/** A form as it stands in a packet: once, or once for each of what it repeats. */
interface Instance {
  readonly id: string;
  readonly title: Pair;
  readonly scope: Scope;
}

function instancesOf(form: FormDefinition, scope: Scope, words: Words): Instance[] {
  const given: Scope = { ...scope, form: form.corresponds ?? null };
  const repeated = form.repeat === undefined ? null : REPEATED[form.repeat];
  const scopes = repeated === null ? [given] : (given[repeated.place] as readonly unknown[]).map((item, index) => ({ ...given, [repeated.as]: item, number: index + 1 }));
  return scopes.filter((one) => form.when === undefined || holds(one, form.when)).map((one, index, all) => {
    const title = words.pair(form.title);
    return { id: all.length > 1 ? `${form.formId}_${index + 1}` : form.formId, title: all.length > 1 ? numberedTitle(title, index + 1) : title, scope: one };
  });
}

function documentsOf(form: FormDefinition, scope: Scope, words: Words, library: FormLibrary): ComposedDocument[] {
  return instancesOf(form, scope, words).map(({ id, title, scope: own }) => {
    const blocks = formBlocks(form.blocks, own, { words, parts: library.parts });
    return { id, formId: form.formId, blocks, title, digest: digestOf(blocks) };
  });
}

function numberedTitle(title: Pair, number: number): Pair {
  const withNumber = (lines: Pair['left']): Pair['left'] => lines.map((line, index) => (index === 0 ? { ...line, text: `${line.text} (${number})` } : line));
  return { left: withNumber(title.left), right: withNumber(title.right) };
}

/** Two documents that say the same have the same digest, in whichever packet they stand. */
function digestOf(blocks: readonly Block[]): string {
  return createHash('sha256').update(JSON.stringify(blocks)).digest('hex');
}

/** The names that forms may ask for (documents/forms/README.md). */
function scopeOf(model: PacketModel, seal: PacketSeal, set: FormSet): Scope {
  const { supportCase, interview } = model;
  const parties = supportCase.parties.map((party) => ({ ...party, interview: interview.children[party.participantId] ?? {} }));
  const ofRole = (...roles: readonly string[]): typeof parties => parties.filter((party) => roles.includes(party.role));
  const [obligors, obligees] = [ofRole('obligor', 'alleged_parent'), ofRole('obligee', 'caretaker')];
  const orders = supportCase.orders.map((order) => ({
    ...order,
    // Only a protection takes the court or its number away.
    tribunalNames: tribunalNames(order.tribunal),
    isProtected: order.tribunal === null || order.docketNumber === null || order.jurisdiction === null,
    obligations: order.obligations.map((one) => ({ ...one, children: one.dependents.flatMap((id) => parties.find((party) => party.participantId === id) ?? []) })),
  }));
  // In the order in which the set of forms puts them: what is to be done first, and what ends a matter last.
  const rank = Object.keys(set.services);
  const services = model.services.toSorted((one, other) => rank.indexOf(one) - rank.indexOf(other));
  const scope: Scope = {
    referral: { referralId: model.referralId, openedOn: model.openedOn }, case: { ...supportCase, parties, orders }, agency: model.agency, partner: model.partner,
    services, interview: interview.sections, arrears: model.arrears, attachments: attachmentsOf(model, parties), narratives: model.narratives,
    translations: translationsOf(model, parties),
    documents: [], seal, form: null, parties, orders, obligors, obligees, dependents: ofRole('dependent'), obligor: obligors[0] ?? null, obligee: obligees[0] ?? null,
    number: 1, requests: [],
  };
  return { ...scope, requests: services.map((code) => ({ code, csenet: optionOf(set, code, scope)?.csenet ?? null })) };
}

/** What one person translated from one language into another is certified once. */
function translationsOf({ narratives }: PacketModel, parties: readonly PacketParty[]): unknown[] {
  const groups = Map.groupBy(narratives, ({ translator, sourceLanguage, targetLanguage }) => JSON.stringify([translator.name, translator.qualification, sourceLanguage, targetLanguage]));
  return [...groups.values()].map((texts) => ({
    ...texts[0]?.translator, sourceLanguage: texts[0]?.sourceLanguage, targetLanguage: texts[0]?.targetLanguage,
    // In a list each row has its own text; all of a column are called alike.
    texts: texts.map((text) => ({ ...text, called: text.id.replace(/\.\d+$/u, ''), child: parties.find((party) => party.participantId === text.participantId) ?? null })),
  }));
}

function attachmentsOf(model: PacketModel, parties: readonly PacketParty[]): unknown[] {
  return model.attachments.map((one) => ({
    ...one, about: parties.find((party) => party.participantId === one.participantId) ?? null,
    translatedBy: one.translation && 'by' in one.translation ? model.attachments.find((other) => other.attachmentId === (one.translation as { by: string }).by) ?? null : null,
    reason: one.translation && 'notNeeded' in one.translation ? one.translation.notNeeded : null,
  }));
}

/** Every text that will be printed, for checks on the characters in it. */
export function textsOfDocuments({ documents, sealedParts }: ComposedDocuments): string[] {
  return [...documents, ...sealedParts].flatMap((document) => [...document.title.left, ...document.title.right].map((line) => line.text).concat(textsOf(document.blocks)));
}
