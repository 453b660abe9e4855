import type { TxCtx } from '../../../platform/context.ts';
import { openInterview } from './interview-body.ts';
import type { InterviewAnswers } from './interview-definition.rules.ts';
import { findInterview } from './interview.store.ts';

/** The newest version of an interview, as a packet is made of it. */
export interface RecordedInterview {
  readonly version: number;
  readonly language: string;
  readonly source: string;
  readonly answers: InterviewAnswers;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

/** Inside a use case that has authorised: the interview of a referral, of a version or the newest; null where there is none. */
export async function interviewOf(ctx: TxCtx, referralId: string, version: number | null = null): Promise<RecordedInterview | null> {
  const row = await findInterview(ctx, referralId, version);
  if (!row) return null;
  const { source, answers } = openInterview(ctx.keys, ctx.actor.agency, referralId, row.version, row.body);
  return { version: row.version, language: row.language, source, answers, recordedAt: row.recordedAt, recordedBy: row.recordedBy };
}
