import { AppError } from '../../platform/errors.ts';
import type { Language } from '../../platform/config.ts';
import { readPartnerProfiles } from './load-partners.ts';
import type { FileDialect, FileKind, PartnerProfile } from './partner-profile.rules.ts';

// Profiles are part of the program's configuration, the same for everyone in the process: files are read once when it starts, what was
// changed on screen goes before them (kits/).
let files: ReadonlyMap<string, PartnerProfile> | undefined;
let registry: ReadonlyMap<string, PartnerProfile> | undefined;

/**
 * Reads the built-in profiles and those in `<dataDir>/partners`, and makes them the ones in force. Called once at start;
 * without it only the built-in profiles are known.
 *
 * @throws AppError `partner.profiles_invalid`, with a located finding for every fault of every file; the former profiles stay.
 */
export function loadPartners(dataDir: string | null): void {
  files = readPartnerProfiles(dataDir);
  registry = files;
}

/** Puts what was changed on screen before the files; without it the files hold alone. */
export function overlayPartners(edited: ReadonlyMap<string, PartnerProfile>): void {
  registry = new Map([...fromFiles(), ...edited]);
}

function fromFiles(): ReadonlyMap<string, PartnerProfile> {
  files ??= readPartnerProfiles(null);
  return files;
}

function inForce(): ReadonlyMap<string, PartnerProfile> {
  registry ??= fromFiles();
  return registry;
}

/** The profile as its file has it, whatever was changed on screen. */
export function partnerOfFiles(partnerId: string): PartnerProfile | null {
  return fromFiles().get(partnerId) ?? null;
}

/** All partners, by id. */
export function listPartners(): readonly PartnerProfile[] {
  return [...inForce().values()].sort((a, b) => (a.partnerId < b.partnerId ? -1 : 1));
}

/** @throws AppError `partner.unknown` (not_found). */
export function getPartner(partnerId: string): PartnerProfile {
  const profile = inForce().get(partnerId);
  if (!profile) throw new AppError('not_found', 'partner.unknown', { params: { partner: partnerId.slice(0, 60) } });
  return profile;
}

export function findPartner(partnerId: string): PartnerProfile | null {
  return inForce().get(partnerId) ?? null;
}

/** The partners that serve a county (FIPS). It narrows a search and proves nothing. */
export function partnersForCounty(county: string): readonly PartnerProfile[] {
  return listPartners().filter(({ counties }) => counties.value.includes(county));
}

/**
 * How a partner writes a kind of payment file.
 *
 * @throws AppError `partner.unknown`, `partner.no_such_file` (it sends no files of this kind).
 */
export function fileDialect(partnerId: string, kind: FileKind): FileDialect {
  const dialect = getPartner(partnerId).files[kind];
  if (!dialect) throw new AppError('invalid', 'partner.no_such_file', { params: { partner: partnerId, kind } });
  return dialect.value;
}

/** The partner's name in a language, full or short. */
export function partnerName(profile: PartnerProfile, language: Language, form: 'full' | 'short' = 'full'): string {
  return (form === 'full' ? profile.names : profile.shortNames).value[language];
}
