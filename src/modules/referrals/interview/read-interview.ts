import { recordAudit } from '../../audit/index.ts';
import { getCase } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { missingAnswers } from './interview-completeness.rules.ts';
import { NO_ANSWERS, sectionsFor } from './interview-definition.rules.ts';
import type { InterviewAnswers, InterviewSection } from './interview-definition.rules.ts';
import { interviewOf } from './interview-of.ts';
import { interviewDefinition } from './interviews.ts';

/** A child of the case as the interview names it. */
export interface InterviewChild {
  readonly participantId: string;
  readonly name: string;
  readonly native: string | null;
}

export interface InterviewView {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly services: readonly string[];
  /** The language of the partner's papers. */
  readonly partnerLanguage: string;
  /** What is asked for these services, in order. */
  readonly sections: readonly InterviewSection[];
  readonly children: readonly InterviewChild[];
  /** 0 while nothing is recorded. */
  readonly version: number;
  readonly language: string | null;
  readonly answers: InterviewAnswers;
  readonly recordedAt: Date | null;
  readonly recordedBy: string | null;
  /** What these services still want of it. */
  readonly findings: readonly Finding[];
}

/**
 * The interview of a referral: what is asked, what was answered, what is missing. When a person asks, it is written down.
 *
 * @throws AppError `referral.not_found`, `cases.not_found`, `access.forbidden`.
 */
export async function readInterview(ctx: Ctx, referralId: string): Promise<InterviewView> {
  authorise(ctx, 'interviews.read');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId);
    const asked = await askedOf(tx, referral);
    const recorded = await interviewOf(tx, referralId);
    if (recorded && ctx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'interview.viewed', subject: { type: 'referral', id: referralId }, county: referral.county, details: { version: recorded.version } });
    }
    const answers = recorded?.answers ?? NO_ANSWERS;
    return {
      ...asked, referralId, caseId: referral.caseId, partnerId: referral.partnerId, services: referral.services, answers,
      version: recorded?.version ?? 0, language: recorded?.language ?? null, recordedAt: recorded?.recordedAt ?? null, recordedBy: recorded?.recordedBy ?? null,
      findings: missingAnswers(interviewDefinition(), answers, referral.services, asked.country, asked.children.map((child) => child.participantId)),
    };
  });
}

/** What is asked for a referral, and of which children. */
export async function askedOf(ctx: TxCtx, referral: Pick<ReferralRow, 'caseId' | 'partnerId' | 'services'>) {
  const partner = getPartner(referral.partnerId);
  const { participants, orders } = await getCase(ctx, referral.caseId);
  const children: InterviewChild[] = participants.filter((person) => person.role === 'dependent')
    .map(({ participantId, name }) => ({ participantId, name: [name.given, name.family, name.secondFamily].filter(Boolean).join(' '), native: name.native ?? null }));
  return { country: partner.country, partnerLanguage: partner.languages.value.packet, sections: sectionsFor(interviewDefinition(), referral.services, partner.country, orders.length), children };
}
