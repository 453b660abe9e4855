import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../platform/validation.ts';
import type { PartnerProfile } from './partner-profile.rules.ts';
import { profileFindings, unreadableTexts } from './partner.rules.ts';

const BUILT_IN = fileURLToPath(new URL('./profiles/', import.meta.url));
const PROFILE_BYTES_MAX = 1_000_000;
const PROFILES_MAX = 500;

/**
 * Reads and checks every profile: those of the program, then those of `<dataDir>/partners/*.json`, which replace a
 * built-in profile of the same id. All faults of all files are reported at once, each with its file and JSON pointer.
 *
 * @throws AppError `partner.profiles_invalid`.
 */
export function readPartnerProfiles(dataDir: string | null): Map<string, PartnerProfile> {
  const findings: Finding[] = [];
  const profiles = new Map<string, PartnerProfile>();
  for (const folder of [BUILT_IN, ...(dataDir === null ? [] : [join(dataDir, 'partners')])]) {
    const seen = new Map<string, string>();
    for (const name of profileFiles(folder)) {
      const profile = readProfile(folder, name, findings);
      if (!profile) continue;
      const before = seen.get(profile.partnerId);
      if (before !== undefined) findings.push({ code: 'partner.id_repeated', severity: 'block', path: name, params: { also: before } });
      seen.set(profile.partnerId, name);
      profiles.set(profile.partnerId, profile);
    }
  }
  findings.push(...relayFindings(profiles));
  if (findings.length > 0) throw new AppError('invalid', 'partner.profiles_invalid', { findings });
  return profiles;
}

function profileFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().slice(0, PROFILES_MAX);
}

/** A profile from a form, with everything that is wrong with it, each fault with its JSON pointer. */
export function checkedProfile(data: unknown): { readonly profile: PartnerProfile | null; readonly findings: readonly Finding[] } {
  const unreadable = unreadableTexts(data);
  const validate = schemaValidator('partner-profile.v1', { isExhaustive: true });
  if (!validate(data)) return { profile: null, findings: [...unreadable, ...(validate.errors ?? []).map((error) => schemaFinding(error, 'partner.profile_schema'))] };
  const profile = data as PartnerProfile;
  const findings = [...unreadable, ...profileFindings(profile)];
  return { profile: findings.length > 0 ? null : deepFreeze(structuredClone(profile)), findings };
}

function readProfile(folder: string, name: string, findings: Finding[]): PartnerProfile | null {
  const path = join(folder, name);
  if (statSync(path).size > PROFILE_BYTES_MAX) {
    findings.push({ code: 'partner.profile_too_large', severity: 'block', path: name });
    return null;
  }
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    findings.push({ code: 'partner.profile_unreadable', severity: 'block', path: name });
    return null;
  }
  const validate = schemaValidator('partner-profile.v1');
  if (!validate(data)) {
    findings.push(...(validate.errors ?? []).map((error) => located(schemaFinding(error, 'partner.profile_schema'), name)));
    return null;
  }
  const profile = data as PartnerProfile;
  const faults = profileFindings(profile);
  findings.push(...faults.map((finding) => located(finding, name)));
  return faults.length > 0 ? null : deepFreeze(profile);
}

/** Whoever passes cases on to nobody: across all profiles. */
export function relayFindings(profiles: ReadonlyMap<string, PartnerProfile>): Finding[] {
  return [...profiles.values()]
    .filter(({ referralClock: { value } }) => value.relaysTo !== null && !profiles.has(value.relaysTo))
    .map(({ partnerId }) => ({ code: 'partner.relay_unknown', severity: 'block', path: `${partnerId}.json#/referralClock/value/relaysTo` }));
}

function located(finding: Finding, file: string): Finding {
  return { ...finding, path: `${file}#${finding.path ?? ''}` };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
