import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { SERVICE_CODES } from '../../partners/index.ts';

/** What may come in at once: our own largest packet, coming back, is not larger. */
export const INCOMING_BYTES_MAX = 256 * 1024 * 1024;

/** What one partner's officers may send within a day, all together. */
export const PARTNER_FILES_A_DAY_MAX = 300;
export const PARTNER_BYTES_A_DAY_MAX = 2 * 1024 * 1024 * 1024;
/** How long others wait, at most, for one file to be read. */
export const READING_MILLISECONDS_MAX = 45_000;

/** Whether a partner has sent what it may. */
export function isTooMuchToday(sent: { readonly files: number; readonly bytes: number }): boolean {
  return sent.files >= PARTNER_FILES_A_DAY_MAX || sent.bytes >= PARTNER_BYTES_A_DAY_MAX;
}

/** What a file is: a signed container, a message by itself, papers that were scanned, or none of these. */
export type IncomingKind = 'container' | 'message' | 'scan' | 'unknown';

/**
 * `filed`: kept, and nothing could be made of it yet. `proposed`: read, and looked for. `accepted`: a request of its own was opened.
 * `linked`: it belongs to a request that was there. `refused`, `duplicate`: kept with the reason.
 */
export const INCOMING_STATES = ['filed', 'proposed', 'accepted', 'linked', 'refused', 'duplicate'] as const;
export type IncomingState = (typeof INCOMING_STATES)[number];
/** The kind of the queue's items for what waits for a decision here. */
export const INCOMING_ITEM = 'incoming_packet';

export const OPEN_STATES: readonly IncomingState[] = ['filed', 'proposed'];

export const REFUSAL_REASONS = ['not_our_case', 'incomplete', 'no_such_service', 'duplicate', 'other'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** What the sender is told: until a person has decided, whatever was found or not found, it was received. */
export const SHOWN_STATES = ['received', 'accepted', 'refused', 'duplicate'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

export function shownState(state: IncomingState): ShownState {
  if (state === 'accepted' || state === 'linked') return 'accepted';
  return state === 'refused' || state === 'duplicate' ? state : 'received';
}

export type PersonGroup = 'paying' | 'receiving' | 'child';

/** A person as the sender names them. */
export interface StatedPerson {
  readonly group: PersonGroup;
  readonly name: string;
  readonly native: string | null;
  readonly birthDate: CalendarDate | null;
  readonly isProtected: boolean;
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
}

/** What a message or a cover says of the request, in one shape. */
export interface IncomingFacts {
  readonly services: readonly string[];
  /** Under which numbers the sender keeps it. */
  readonly theirNumbers: readonly string[];
  /** What the sender takes for our case number. */
  readonly ourNumbers: readonly string[];
  readonly persons: readonly StatedPerson[];
  readonly hasOrder: boolean;
  readonly hasPayingAddress: boolean;
}

/** What is typed with scanned papers. */
export interface Cover {
  readonly fileNumber?: string | null;
  readonly ourNumber?: string | null;
  /** The text of a reference sheet's code, where the papers are ours and come back. */
  readonly reference?: string | null;
  readonly services?: readonly string[];
  readonly obligor?: CoverPerson | null;
  readonly obligee?: CoverPerson | null;
  readonly children?: readonly CoverPerson[];
  readonly note?: string | null;
}

export interface CoverPerson {
  readonly name: string;
  readonly birthDate?: string | null;
}

const NUMBER_MAX = 60;
const NAME_MAX = 200;
const NOTE_MAX = 2_000;
const REFERENCE_MAX = 200;
export const COVER_CHILDREN_MAX = 8;

const plain = (text: string | null | undefined): string => (text ?? '').normalize('NFC').replace(/[^\S\n]+/gu, ' ').trim();
const orNull = (text: string): string | null => (text === '' ? null : text);

/** A cover as it is kept. @throws AppError `incoming.cover_invalid` with a finding for each field that is not fit. */
export function checkedCover(given: Cover, today: CalendarDate): Cover {
  const findings: Finding[] = [];
  const fault = (code: string, path: string): void => void findings.push({ code, severity: 'block', path });
  const text = (value: string | null | undefined, path: string, most: number): string | null => {
    const found = plain(value);
    const hasControls = (path === '/note' ? found.replaceAll('\n', '') : found).match(/\p{Cc}|\p{Cf}/u) !== null;
    if (found.length > most || hasControls) fault('incoming.cover_text', path);
    return orNull(found);
  };
  const person = (value: CoverPerson | null | undefined, path: string): CoverPerson | null => {
    const name = text(value?.name, `${path}/name`, NAME_MAX);
    const birthDate = orNull(plain(value?.birthDate));
    if (birthDate !== null && (!isCalendarDate(birthDate) || birthDate > today || birthDate < '1900-01-01')) fault('incoming.cover_date', `${path}/birthDate`);
    if (name === null && birthDate !== null) fault('incoming.cover_name', `${path}/name`);
    return name === null ? null : { name, birthDate };
  };
  const services = [...new Set(given.services ?? [])].sort();
  if (services.some((service) => !SERVICE_CODES.some((code) => code === service))) fault('incoming.cover_service', '/services');
  const children = (given.children ?? []).map((child, index) => person(child, `/children/${index}`)).filter((child) => child !== null);
  if (children.length > COVER_CHILDREN_MAX) fault('incoming.cover_children', '/children');
  const cover: Cover = {
    fileNumber: text(given.fileNumber, '/fileNumber', NUMBER_MAX), ourNumber: text(given.ourNumber, '/ourNumber', NUMBER_MAX), reference: text(given.reference, '/reference', REFERENCE_MAX),
    services, obligor: person(given.obligor, '/obligor'), obligee: person(given.obligee, '/obligee'), children, note: text(given.note, '/note', NOTE_MAX),
  };
  if (findings.length > 0) throw new AppError('invalid', 'incoming.cover_invalid', { findings });
  return cover;
}

/** Whether a cover says anything by which papers can be found again. */
export function isEmptyCover({ fileNumber, ourNumber, reference, obligor, obligee, children }: Cover): boolean {
  return !fileNumber && !ourNumber && !reference && !obligor && !obligee && (children ?? []).length === 0;
}

export function factsOfCover(cover: Cover): IncomingFacts {
  const person = (group: PersonGroup, one: CoverPerson | null | undefined): StatedPerson[] =>
    (one ? [{ group, name: one.name, native: null, birthDate: one.birthDate ?? null, isProtected: false, identifiers: [] }] : []);
  return {
    services: cover.services ?? [], theirNumbers: cover.fileNumber ? [cover.fileNumber] : [], ourNumbers: cover.ourNumber ? [cover.ourNumber] : [],
    persons: [...person('paying', cover.obligor), ...person('receiving', cover.obligee), ...(cover.children ?? []).flatMap((child) => person('child', child))],
    hasOrder: false, hasPayingAddress: false,
  };
}

/** Who sends and who is meant, as the message has it on its face. */
export interface Correspondent {
  readonly county: string | null;
  readonly partnerId: string | null;
}

export type Sender = 'theirs' | 'ours';

/** Whether a message is the partner's to us, or ours to this partner, coming back. A finding where it is neither. */
export function senderOf(message: { readonly from: Correspondent; readonly to: Correspondent }, partnerId: string): Sender | Finding {
  const { from, to } = message;
  const isStated = (one: Correspondent): boolean => (one.county === null) !== (one.partnerId === null);
  if (!isStated(from) || !isStated(to) || (from.county === null) === (to.county === null)) return { code: 'incoming.sender_unstated', severity: 'block', path: '/from' };
  if (from.partnerId === partnerId) return 'theirs';
  if (from.county !== null && to.partnerId === partnerId) return 'ours';
  return { code: 'incoming.other_sender', severity: 'block', path: from.partnerId === null ? '/to' : '/from' };
}
