import { protectedParticipants } from '../../cases/index.ts';
import type { DisclosedCase, DisclosureDecision, SupportCase } from '../../cases/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { arrearsStatements, statementDay } from '../arrears/arrears.rules.ts';
import { interestRules } from '../arrears/interest-rules.ts';
import { attachmentsForPacket } from '../attachments/read-attachments.ts';
import type { LoadedAttachment } from '../attachments/read-attachments.ts';
import { gateTranslations } from '../disclosures/written-texts.rules.ts';
import { withTranslations } from '../interview/bilingual-answers.rules.ts';
import { interviewFindings } from '../interview/interview-completeness.rules.ts';
import type { InterviewAnswers } from '../interview/interview-definition.rules.ts';
import { interviewDefinition } from '../interview/interviews.ts';
import { toldInterview } from '../interview/told-interview.ts';
import { leavingTexts } from '../text-reviews/leaving-texts.ts';
import { reviewFindings } from '../text-reviews/text-review.rules.ts';
import type { LeavingTexts } from '../text-reviews/text-review.rules.ts';
import { narrativesForPacket } from '../translation/narratives-for-packet.ts';
import type { NarrativeSource } from '../translation/text.rules.ts';
import type { PacketArrears, PacketInterview, PacketNarrative } from './packet-model.rules.ts';

/** What a packet brings beside the case record, filtered for the partner. */
export interface Papers {
  readonly answers: InterviewAnswers;
  readonly interview: PacketInterview;
  readonly narratives: readonly PacketNarrative[];
  readonly narrativeSources: readonly NarrativeSource[];
  /** What of it is in free words, and whether an attorney has read it. */
  readonly leaving: LeavingTexts;
  readonly arrears: readonly PacketArrears[];
  readonly attachments: readonly LoadedAttachment[];
  readonly decisions: readonly DisclosureDecision[];
  readonly findings: readonly Finding[];
}

export interface PapersInput {
  readonly referralId: string;
  readonly services: readonly string[];
  readonly supportCase: SupportCase;
  readonly view: DisclosedCase;
  readonly partner: PartnerProfile;
  readonly on: CalendarDate;
  /** Whether the sum owed belongs to what is asked. */
  readonly asksForMoney: boolean;
  /** Attachments that are looked at as if they were not there. */
  readonly leftOut?: ReadonlySet<string>;
}

/** Reads interview, translations and attachments of a referral, and makes the account of arrears from the case's history. */
export async function papersOf(ctx: TxCtx, input: PapersInput): Promise<Papers> {
  const { supportCase, partner, on, services } = input;
  const { answers, told, version, language } = await toldInterview(ctx, input);
  const definition = interviewDefinition();
  const pair = { left: 'en', right: partner.languages.value.packet };
  const translated = await narrativesForPacket(ctx, input, told.narrativeSources, pair);
  const gated = gateTranslations(translated.narratives, told.gate);
  const isProtected = protectedParticipants(supportCase, on);
  const leaving = await leavingTexts(ctx, {
    referralId: input.referralId, isProtected, narratives: gated.narratives, answers: told.asWritten, version, language,
  });
  const attached = await attachmentsForPacket(ctx, input, {
    gate: told.gate, isProtected, numbers: new Map(supportCase.participants.map((one, index) => [one.participantId, `P${index + 1}`])),
  });
  const owed = input.asksForMoney ? arrearsOf(input) : { statements: [], findings: [] };
  const children = supportCase.participants.filter((one) => one.role === 'dependent').map((one) => one.participantId);
  return {
    answers, interview: withTranslations(told.interview, told.narrativeSources, gated.narratives), narratives: gated.narratives, narrativeSources: told.narrativeSources, leaving, arrears: owed.statements, attachments: attached.attachments,
    decisions: told.decisions,
    findings: [...interviewFindings(definition, answers, services, partner.country, children), ...told.findings, ...translated.findings, ...gated.findings, ...reviewFindings(leaving), ...attached.findings, ...owed.findings],
  };
}

function arrearsOf({ view, on }: PapersInput): ReturnType<typeof arrearsStatements> {
  return arrearsStatements({
    history: view.history, orders: view.orders, balances: view.balances, asOf: statementDay({ history: view.history, balances: view.balances }, on), on,
    enforcedBy: view.assistance === 'non_iv_d' ? 'others' : 'iv_d_agency',
  }, interestRules());
}
