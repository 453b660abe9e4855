import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import type { Ctx } from '../../../platform/context.ts';
import type { Language } from '../../../platform/config.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { findPartner } from '../../partners/index.ts';

export interface Expected {
  readonly weekdays: readonly number[];
  readonly by: string;
  readonly timeZone?: string;
  readonly calendars?: readonly string[];
  readonly afterHours: number;
  readonly since: CalendarDate;
}

/** A folder from which files are picked up (schemas/json/pickup.v1.json). */
export interface PickupFolder {
  readonly pickupId: string;
  readonly confirmed: boolean;
  readonly takes: 'payments' | 'bank' | 'disbursements';
  readonly partnerId?: string;
  readonly names?: Readonly<Record<Language, string>>;
  readonly language?: Language;
  readonly folder: string;
  readonly quietSeconds?: number;
  readonly pattern?: string;
  readonly keepDays?: number;
  readonly expected?: Expected;
}

export const QUIET_SECONDS = 60;
export const KEEP_DAYS = 90;
const FILE_BYTES_MAX = 50_000;
const FOLDERS_MAX = 200;

/**
 * The folders of this agency, from `<data directory>/pickup/*.json`; read anew each time, so that a change needs no restart. Faults of
 * one file hide no other: they come back as findings.
 */
export function readPickupFolders(ctx: Pick<Ctx, 'config'>): { folders: PickupFolder[]; findings: Finding[] } {
  const from = join(ctx.config.dataDir, 'pickup');
  const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.json')).sort().slice(0, FOLDERS_MAX) : [];
  const folders: PickupFolder[] = [];
  const findings: Finding[] = [];
  for (const name of names) {
    const read = readOne(join(from, name));
    const faults = 'folder' in read ? faultsOf(read.folder, folders) : read.findings;
    if (faults.length === 0 && 'folder' in read) folders.push(read.folder);
    findings.push(...faults.map((finding) => ({ ...finding, path: `${name}#${finding.path ?? ''}` })));
  }
  return { folders, findings };
}

function readOne(path: string): { folder: PickupFolder } | { findings: Finding[] } {
  let data: unknown;
  try {
    data = statSync(path).size <= FILE_BYTES_MAX ? JSON.parse(readFileSync(path, 'utf8')) : null;
  } catch {
    return { findings: [{ code: 'pickup.settings_unreadable', severity: 'block', path: '/' }] };
  }
  const validate = schemaValidator('pickup.v1');
  if (!validate(data)) return { findings: (validate.errors ?? []).map((error) => schemaFinding(error, 'pickup.settings_schema')) };
  return { folder: data as PickupFolder };
}

function faultsOf(folder: PickupFolder, before: readonly PickupFolder[]): Finding[] {
  const faults: Finding[] = [];
  const fault = (code: string, path: string): void => void faults.push({ code, severity: 'block', path });
  if (before.some((other) => other.pickupId === folder.pickupId)) fault('pickup.id_repeated', '/pickupId');
  if (before.some((other) => other.folder === folder.folder)) fault('pickup.folder_repeated', '/folder');
  if (folder.takes === 'payments' && folder.partnerId === undefined) fault('pickup.partner_missing', '/partnerId');
  if (folder.partnerId !== undefined && findPartner(folder.partnerId) === null) fault('pickup.partner_unknown', '/partnerId');
  if (folder.expected !== undefined && !isTimeZone(zoneOf(folder))) fault('pickup.time_zone_unknown', '/expected/timeZone');
  return faults;
}

export function zoneOf(folder: PickupFolder): string {
  return folder.expected?.timeZone ?? (folder.partnerId === undefined ? undefined : findPartner(folder.partnerId)?.timeZone.value) ?? 'America/Los_Angeles';
}

/** The calendars on whose days off nothing is expected: as the settings say, else the partner's, else the State's. */
export function calendarsOf(folder: PickupFolder): readonly string[] {
  if (folder.expected?.calendars !== undefined) return folder.expected.calendars;
  const profile = folder.partnerId === undefined ? null : findPartner(folder.partnerId);
  return profile === null ? ['us-ca'] : [profile.calendar.value.id, ...profile.calendar.value.alsoClosed];
}

/** In which language the sender is told why a file was refused. */
export function languageOf(folder: PickupFolder): Language {
  if (folder.language !== undefined) return folder.language;
  const written = folder.partnerId === undefined ? [] : (findPartner(folder.partnerId)?.languages.value.correspondence ?? []);
  return (['en', 'es-MX', 'ko-KR'] as const).find((language) => language === written[0]) ?? 'en';
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/**
 * Where a folder really is. A relative one lies below `<data directory>/pickup`, an absolute one below a folder that the operator has
 * allowed (`PUENTE_PICKUP_ROOTS`); links that lead out of there are followed nowhere.
 *
 * @throws AppError invalid `pickup.folder_outside`; not_found `pickup.folder_missing`.
 */
export function placeOf(ctx: Pick<Ctx, 'config'>, folder: PickupFolder): string {
  const roots = isAbsolute(folder.folder) ? ctx.config.pickupRoots : [join(ctx.config.dataDir, 'pickup')];
  const wanted = isAbsolute(folder.folder) ? resolve(folder.folder) : resolve(join(ctx.config.dataDir, 'pickup'), folder.folder);
  const params = { pickup: folder.pickupId };
  const real = realOf(wanted);
  if (!roots.some((root) => isBelow(wanted, resolve(root)))) throw new AppError('invalid', 'pickup.folder_outside', { params });
  if (real === null || !statSync(real).isDirectory()) throw new AppError('not_found', 'pickup.folder_missing', { params });
  if (!roots.some((root) => isBelow(real, realOf(root) ?? resolve(root)))) throw new AppError('invalid', 'pickup.folder_outside', { params });
  return real;
}

/** Strictly below: a root itself is nobody's folder. */
const isBelow = (path: string, root: string): boolean => path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
