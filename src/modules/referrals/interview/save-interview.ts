import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { officeDay } from '../clocks/office-day.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { refreshAfterInterview } from '../packets/refresh-referral.ts';
import { asAnswers, tidyAnswers, validateAnswers } from './answers.rules.ts';
import { sealInterview } from './interview-body.ts';
import { NO_ANSWERS } from './interview-definition.rules.ts';
import type { InterviewAnswers, SectionAnswers } from './interview-definition.rules.ts';
import { interviewOf } from './interview-of.ts';
import type { RecordedInterview } from './interview-of.ts';
import { insertInterview } from './interview.store.ts';
import { interviewDefinition } from './interviews.ts';
import { askedOf } from './read-interview.ts';

export interface SavedInterview {
  readonly version: number;
  /** The newest version says just this, so none was added. */
  readonly alreadyRecorded: boolean;
}

const BODY_CHARACTERS_MAX = 1_000_000;
const LANGUAGE = /^[a-z]{2,3}(-[A-Z][A-Za-z0-9]{1,7})?$/;

/**
 * Records the answers of an interview as a new version; the same answers again add none.
 *
 * @throws AppError `interview.incorrect` (with a finding for each fault, at its place), `interview.language_unknown`, `referral.not_found`, `access.forbidden`.
 */
export async function saveInterview(ctx: Ctx, referralId: string, given: { readonly language: string; readonly answers: unknown }): Promise<SavedInterview> {
  authorise(ctx, 'interviews.record');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const answers = await correctAnswers(tx, referral, given.answers);
    return addVersion(tx, referral, await interviewOf(tx, referralId), languageOf(given.language), answers);
  });
}

/** The answers to one section, of one child where it is asked of each; all others stay as they are. */
export interface InterviewPart {
  readonly language: string;
  readonly section: string;
  readonly child: string | null;
  readonly answers: Readonly<Record<string, unknown>>;
  /** The version that stood on the page on which these answers were typed. */
  readonly basedOn: number;
}

/** @throws AppError as `saveInterview`; `interview.changed_meanwhile` where somebody else answered the same section since. */
export async function saveInterviewPart(ctx: Ctx, referralId: string, part: InterviewPart): Promise<SavedInterview> {
  authorise(ctx, 'interviews.record');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const only = part.child === null ? { sections: { [part.section]: part.answers } } : { children: { [part.child]: { [part.section]: part.answers } } };
    const entered = sectionIn(await correctAnswers(tx, referral, only), part);
    const newest = await interviewOf(tx, referralId);
    if (newest && newest.version !== part.basedOn) {
      const seen = part.basedOn > 0 ? await interviewOf(tx, referralId, part.basedOn) : null;
      const [before, now] = [sectionIn(seen?.answers ?? NO_ANSWERS, part), sectionIn(newest.answers, part)];
      if (!isDeepStrictEqual(before, now) && !isDeepStrictEqual(now, entered)) throw new AppError('conflict', 'interview.changed_meanwhile');
    }
    const answers = asAnswers(tidyAnswers(interviewDefinition(), withSection(newest?.answers ?? NO_ANSWERS, part, entered)));
    return addVersion(tx, referral, newest, languageOf(part.language), answers);
  });
}

async function correctAnswers(ctx: TxCtx, referral: ReferralRow, given: unknown): Promise<InterviewAnswers> {
  const definition = interviewDefinition();
  const { children } = await askedOf(ctx, referral);
  const tidied = tidyAnswers(definition, given);
  const findings = validateAnswers(definition, tidied, children.map((child) => child.participantId), officeDay(ctx));
  if (findings.length > 0) throw new AppError('invalid', 'interview.incorrect', { findings });
  if (JSON.stringify(tidied).length > BODY_CHARACTERS_MAX) throw new AppError('invalid', 'interview.too_long');
  return asAnswers(tidied);
}

async function addVersion(ctx: TxCtx, referral: ReferralRow, newest: RecordedInterview | null, language: string, answers: InterviewAnswers): Promise<SavedInterview> {
  if (newest?.language === language && JSON.stringify(newest.answers) === JSON.stringify(answers)) return { version: newest.version, alreadyRecorded: true };
  const version = (newest?.version ?? 0) + 1;
  const { referralId, county } = referral;
  const body = sealInterview(ctx.keys, ctx.actor.agency, referralId, version, { source: 'party', answers });
  await insertInterview(ctx, referral, { version, language, body });
  await recordAudit(ctx, { action: 'interview.recorded', subject: { type: 'referral', id: referralId }, county, details: { version, language } });
  await emit(ctx, 'interview.recorded', { referralId, version });
  await refreshAfterInterview(ctx, referral);
  return { version, alreadyRecorded: false };
}

function languageOf(text: string): string {
  if (!LANGUAGE.test(text)) throw new AppError('invalid', 'interview.language_unknown');
  return text;
}

function sectionIn(answers: InterviewAnswers, { child, section }: Pick<InterviewPart, 'child' | 'section'>): SectionAnswers {
  const sections = child === null ? answers.sections : answers.children[child] ?? {};
  return sections[section] ?? {};
}

function withSection(answers: InterviewAnswers, { child, section }: Pick<InterviewPart, 'child' | 'section'>, entered: SectionAnswers): InterviewAnswers {
  if (child === null) return { ...answers, sections: { ...answers.sections, [section]: entered } };
  return { ...answers, children: { ...answers.children, [child]: { ...answers.children[child], [section]: entered } } };
}
