import type { KeyRing } from '../../../platform/keys.ts';
import type { InterviewAnswers } from './interview-definition.rules.ts';

/** What is kept of an interview: the answers, and that a person of the case gave them. */
export interface InterviewBody {
  readonly source: 'party';
  readonly answers: InterviewAnswers;
}

const aadOf = (agency: string, referralId: string, version: number): string => `referral_interviews:${agency}:${referralId}:${version}`;

/** Bound to its row: moved to another referral or version it cannot be read. */
export function sealInterview(keys: KeyRing, agency: string, referralId: string, version: number, body: InterviewBody): Buffer {
  return keys.encrypt(JSON.stringify(body), aadOf(agency, referralId, version));
}

export function openInterview(keys: KeyRing, agency: string, referralId: string, version: number, cipher: Uint8Array): InterviewBody {
  return JSON.parse(keys.decrypt(cipher, aadOf(agency, referralId, version)).toString('utf8')) as InterviewBody;
}
