import type { SupportCase } from '../../cases/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { discloseInterview } from './disclose-interview.rules.ts';
import type { DisclosedInterview } from './disclose-interview.rules.ts';
import { NO_ANSWERS } from './interview-definition.rules.ts';
import type { InterviewAnswers } from './interview-definition.rules.ts';
import { interviewOf } from './interview-of.ts';
import { interviewDefinition } from './interviews.ts';

export interface InterviewToTell {
  readonly referralId: string;
  readonly services: readonly string[];
  readonly supportCase: SupportCase;
  readonly partner: PartnerProfile;
  readonly on: CalendarDate;
}

export interface ToldInterview {
  readonly answers: InterviewAnswers;
  readonly told: DisclosedInterview;
  /** 0 where none was recorded. */
  readonly version: number;
  readonly language: string;
}

/** Inside a use case that has authorised: the newest interview of a referral, and what of it may leave to the partner on a day. */
export async function toldInterview(ctx: TxCtx, { referralId, services, supportCase, partner, on }: InterviewToTell): Promise<ToldInterview> {
  const recorded = await interviewOf(ctx, referralId);
  const answers = recorded?.answers ?? NO_ANSWERS;
  const language = recorded?.language ?? 'en';
  const told = discloseInterview({
    definition: interviewDefinition(), answers, language, source: recorded?.source ?? 'party', supportCase,
    recipient: { partnerId: partner.partnerId, country: partner.country }, services, on,
  });
  return { answers, told, language, version: recorded?.version ?? 0 };
}
