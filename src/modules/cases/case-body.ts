import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { KeyRing } from '../../platform/keys.ts';
import type { SupportCase } from './support-case.rules.ts';

/** A case's record is at most one line of an extract; written canonically it may grow a little. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** A record is a few kilobytes: a larger window would cost more to set up than it saves. */
const DEFLATE = { level: 1, memLevel: 6, windowBits: 13, chunkSize: 4096 } as const;

/** Which row a ciphertext belongs to: moved to another row it cannot be read. */
function bodyAad(agencyId: string, caseId: string, version: number): string {
  return `support_case_versions:${agencyId}:${caseId}:${version}`;
}

/** Encrypted bytes of a record, compressed first because ciphertext cannot be. */
export function sealBody(keys: KeyRing, agencyId: string, caseId: string, version: number, canonical: string): Buffer {
  return keys.encrypt(deflateRawSync(canonical, DEFLATE), bodyAad(agencyId, caseId, version));
}

export function openBody(keys: KeyRing, agencyId: string, caseId: string, version: number, body: Uint8Array): SupportCase {
  const plain = inflateRawSync(keys.decrypt(body, bodyAad(agencyId, caseId, version)), { maxOutputLength: BODY_BYTES_MAX });
  return JSON.parse(plain.toString('utf8')) as SupportCase;
}

export function identifierAad(agencyId: string, caseId: string, participantId: string, position: number): string {
  return `case_identifiers:${agencyId}:${caseId}:${participantId}:${position}`;
}
