import { agreementFiles, listPartners, loadAgreements, loadPartners, profileGaps, unconfirmedFacts } from '../partners/index.ts';
import type { PartnerProfile } from '../partners/index.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { gapsOf, hasWords, keysUnder, LANGUAGES, loadLocales, wordsForCode } from '../../platform/i18n.ts';
import { calendarOf, getClock, loadOfficeCalendars } from './clocks/index.ts';
import { loadGlossaries } from './documents/federal-wordings.ts';
import { formLibrary, loadForms } from './documents/form-library.ts';
import type { FormSet } from './documents/form-set.rules.ts';
import { wordsOfSet } from './documents/form-words.rules.ts';
import type { AskedWord } from './documents/form-words.rules.ts';
import { loadInterviews } from './interview/interviews.ts';

/** How one partner stands: what its documents print beside English, and how much of that has words. */
export interface CheckedPartner {
  readonly partnerId: string;
  readonly language: string;
  readonly forms: string;
  readonly words: number;
  readonly missing: number;
}

export interface CountryDataCheck {
  readonly partners: readonly CheckedPartner[];
  /** Every fault of every file, each with its file and the place or key in it. */
  readonly findings: readonly Finding[];
}

const ENGLISH = 'en';
// What these say depends on the profile alone, so that only its own codes are needed.
const BY_PROFILE: Readonly<Record<string, (partner: PartnerProfile) => readonly string[]>> = {
  'partners:document': (partner) => partner.documents.filter(({ value }) => value.form !== 'datum').map(({ value }) => value.code),
  'packet:basis': (partner) => partner.legalBasis.value,
};

/**
 * Reads everything that an operator has put into the data directory, as at start, and looks for what would only come to light
 * when a packet is sealed: forms, parts, clocks and calendars that are named and not there, and words that documents and screens lack.
 * Does not stop at the first fault. What can be read is in force afterwards.
 */
export function checkCountryData(dataDir: string | null): CountryDataCheck {
  const [ofWords, ofForms] = [faultsOf(() => loadLocales(dataDir)), faultsOf(() => loadForms(dataDir))];
  const ofCalendars = faultsOf(() => loadOfficeCalendars(dataDir), (path, params) => `calendars/${String(params?.['calendar'] ?? '')}.json#${path}`);
  const ofAgreements = faultsOf(() => loadAgreements(dataDir));
  const findings: Finding[] = [
    ...ofWords, ...ofForms, ...ofCalendars, ...faultsOf(() => loadPartners(dataDir), (path) => `partners/${path}`),
    ...faultsOf(() => loadGlossaries(dataDir)), ...faultsOf(() => loadInterviews(dataDir)), ...ofAgreements,
  ];
  // Where files could not be read, what they would have brought is not missing besides.
  const read = { words: ofWords.length === 0, forms: ofForms.length === 0, calendars: ofCalendars.length === 0, agreements: ofAgreements.length === 0 };
  const checked = listPartners().map((partner) => checkPartner(partner, read));
  const seen = new Set<string>();
  const once = [...findings, ...checked.flatMap((one) => one.findings)].filter((finding) => {
    const key = JSON.stringify([finding.code, finding.path, finding.params]);
    return !seen.has(key) && seen.add(key);
  });
  return { partners: checked.map(({ partner }) => partner), findings: once };
}

/** The same of one profile that is not in force yet, beside everything that is: forms, words, calendars, clocks and agreements as they are known now. */
export function checkProfile(partner: PartnerProfile): readonly Finding[] {
  const { findings } = checkPartner(partner, { words: true, forms: true, calendars: true, agreements: true });
  const own = `partners/${partner.partnerId}.json#`;
  return findings.map((finding) => (finding.path?.startsWith(own) ? { ...finding, path: finding.path.slice(own.length) } : finding));
}

function faultsOf(load: () => void, place: (path: string, params: AppError['params']) => string = (path) => path): Finding[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.findings.length > 0) return error.findings.map((finding) => ({ ...finding, path: place(finding.path ?? '', error.params) }));
    return [{ code: error.code, severity: 'block', path: place('', error.params), ...(error.params ? { params: error.params } : {}) }];
  }
}

interface WhatWasRead {
  readonly words: boolean;
  readonly forms: boolean;
  readonly calendars: boolean;
  readonly agreements: boolean;
}

function checkPartner(partner: PartnerProfile, read: WhatWasRead): { partner: CheckedPartner; findings: Finding[] } {
  const { partnerId } = partner;
  const { packet: language } = partner.languages.value;
  const { forms } = partner.packet.value;
  const set = read.forms ? formLibrary().sets.get(forms) : undefined;
  const profile = `partners/${partnerId}.json`;
  const findings = [...profileFindings(partner, profile, read.calendars), ...(read.words ? screenFindings(partner) : []),
    ...(read.agreements ? profileGaps(partner, agreementFiles().map(({ record }) => record)) : [])];
  if (!set && read.forms) findings.push({ code: 'country.set_unknown', severity: 'block', path: `${profile}#/packet/value/forms`, params: { name: forms } });
  const { words, unknown } = set ? wordsOfSet(set, formLibrary()) : { words: [], unknown: [] };
  findings.push(...unknown.map(({ kind, name, by }): Finding => ({ code: `country.${kind}_unknown`, severity: 'block', path: by, params: { name } })));
  if (set) findings.push(...serviceFindings(partner, set, profile, read.words));
  const asked = words.flatMap((word) => keysAsked(word, partner).map((key) => ({ ...word, key })));
  const lacking = !read.words ? [] : asked.flatMap((word) => [ENGLISH, language].filter((one) => !hasWords(one, word.key)).map((one) => missingWord(word, one)));
  return { partner: { partnerId, language, forms, words: asked.length, missing: lacking.length }, findings: [...findings, ...lacking, ...(read.words ? gapFindings(asked, language) : [])] };
}

/** Every key that a word may stand for: of codes those that English knows, or those of the profile. */
function keysAsked({ key, isPrefix }: AskedWord, partner: PartnerProfile): string[] {
  if (!isPrefix) return [key];
  const codes = BY_PROFILE[key]?.(partner);
  return codes ? codes.map((code) => `${key}.${code.replaceAll('.', '_')}`) : keysUnder(ENGLISH, key);
}

/** A gap that only one side has would leave out, or print bare, what the other says. */
function gapFindings(asked: readonly AskedWord[], language: string): Finding[] {
  return asked.filter(({ key }) => hasWords(language, key) && String(gapsOf(language, key)) !== String(gapsOf(ENGLISH, key))).map(({ key }): Finding => ({
    code: 'country.gaps_differ', severity: 'block', path: placeOfKey(language, key), params: { key, expected: gapsOf(ENGLISH, key).map((gap) => `{{${gap}}}`).join(' ') || '–' },
  }));
}

/** A word that every packet needs blocks; one that only some cases need will block those. */
function missingWord({ key, isPrefix, by }: AskedWord, language: string): Finding {
  return { code: 'country.words_missing', severity: isPrefix ? 'warn' : 'block', path: placeOfKey(language, key), params: { key, language, by } };
}

function placeOfKey(language: string, key: string): string {
  const [namespace = '', path = ''] = key.split(':');
  return `locales/${language}/${namespace}.json#/${path.replaceAll('.', '/')}`;
}

function serviceFindings(partner: PartnerProfile, set: FormSet, profile: string, hasReadWords: boolean): Finding[] {
  return partner.services.value.flatMap((service, index): Finding[] => {
    const forms = set.services[service];
    if (!forms) return [{ code: 'country.service_without_forms', severity: 'block', path: `${profile}#/services/value/${index}`, params: { service, name: set.setId } }];
    if (!hasReadWords) return [];
    const by = `form-sets/${set.setId}.json`;
    return forms.needs.flatMap(({ code }) => LANGUAGES.filter((language) => wordsForCode(language, 'findings', `need.${code}`) === `need.${code}`)
      .map((language) => ({ code: 'country.screen_words_missing', severity: 'warn', path: by, params: { key: `findings.need_${code}`, language } }) satisfies Finding));
  });
}

/** What screens say of a profile, in the three languages that they have. */
function screenFindings(partner: PartnerProfile): Finding[] {
  const notes = unconfirmedFacts(partner).flatMap(({ note }) => (note === null ? [] : [`partners:note.${note}`]));
  const keys = [...partner.documents.map(({ value }) => `partners:document.${value.code}`), ...notes];
  return keys.flatMap((key) => LANGUAGES.filter((language) => !hasWords(language, key)).map((language): Finding => ({
    code: 'country.screen_words_missing', severity: 'warn', path: placeOfKey(language, key), params: { key, language },
  })));
}

function profileFindings(partner: PartnerProfile, profile: string, hasReadCalendars: boolean): Finding[] {
  const findings: Finding[] = [];
  const { id, alsoClosed } = partner.calendar.value;
  for (const calendar of hasReadCalendars ? [id, ...alsoClosed] : []) {
    if (!isKnown(() => calendarOf(calendar))) findings.push({ code: 'country.calendar_unknown', severity: 'block', path: `${profile}#/calendar/value`, params: { name: calendar } });
  }
  (partner.targetClocks?.value ?? []).forEach((clock, index) => {
    if (!isKnown(() => getClock(clock))) findings.push({ code: 'country.clock_unknown', severity: 'block', path: `${profile}#/targetClocks/value/${index}`, params: { name: clock } });
  });
  const { packet: language } = partner.languages.value;
  for (const field of ['names', 'unit'] as const) {
    if (partner[field] && partner[field].value[language] === undefined) findings.push({ code: 'country.name_missing', severity: 'warn', path: `${profile}#/${field}/value/${language}` });
  }
  return findings;
}

function isKnown(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
