import { submitOnce } from '../../../modules/identity/index.ts';
import { publishPartner, refreshKits, reviewDraft } from '../../../modules/partners/index.ts';
import type { DraftReview } from '../../../modules/partners/index.ts';
import { checkProfile } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newFormId } from '../../form-id.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { withoutBranches } from '../../schema-form/faults.ts';
import { trailOf } from '../../schema-form/words.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { changeLines } from '../change-lines.ts';
import { partOfPath } from '../partner-schema.ts';
import { peopleNames } from '../people.ts';

interface Shown {
  readonly reason?: string;
  readonly isAware?: boolean;
  readonly faults?: readonly { readonly field: string; readonly text: string }[];
}

const FINDINGS_MAX = 100;
/** Refusals that the page says by itself, each at its field. */
const AT: Readonly<Record<string, string>> = {
  'partner.reason_missing': 'reason', 'partner.not_aware': 'aware', 'partner.second_person': 'main', 'partner.draft_changed': 'main', 'partner.draft_outdated': 'main', 'partner.nothing_changed': 'main', 'partner.draft_invalid': 'findings',
};

const hereOf = (visit: Visit): string => `/administration/partners/${encodeURIComponent(pathText(visit, 'partnerId'))}`;

async function show(visit: Visit, shown: Shown = {}, status = 200): Promise<Reply> {
  const review = await reviewDraft(visit.ctx, pathText(visit, 'partnerId'));
  const words = wordsFor(visit.language);
  const findings: readonly Finding[] = review.profile ? checkProfile(review.profile) : withoutBranches(review.findings);
  const { draft } = review;
  const nameOf = await peopleNames(visit, draft?.preparedBy ?? []);
  return view('administrator/partner-review', {
    here: hereOf(visit), name: partnerNameOf(review.partnerId, visit), partnerId: review.partnerId, changes: changeLines(review.changes, visit), formId: newFormId(), revision: draft?.revision ?? 0,
    findings: findings.slice(0, FINDINGS_MAX).map((finding) => findingLine(finding, review, visit, words.finding(finding))), isBlocked: review.profile === null || findings.some(({ severity }) => severity === 'block'),
    consequences: review.consequences.codes, needsSecond: review.consequences.needsSecondPerson, mayPublish: review.mayPublish, isOutdated: review.isOutdated, preparedBy: (draft?.preparedBy ?? []).map(nameOf).join(', '),
    isPreparer: draft?.preparedBy.includes(visit.ctx.actor.id) ?? false, reason: shown.reason ?? '', isAware: shown.isAware ?? false, faults: shown.faults ?? [],
  }, status);
}

function findingLine(finding: Finding, { draft }: DraftReview, visit: Visit, text: string) {
  const path = finding.path ?? '';
  const isInside = path.startsWith('/');
  return {
    severity: finding.severity, text, where: isInside ? trailOf(path, visit) : path,
    href: isInside && path !== '/partnerId' ? `${hereOf(visit)}/part?at=${encodeURIComponent(partOfPath(path, draft?.content))}` : null,
  };
}

const publish: Handler = async (visit) => {
  const { ctx } = visit;
  const partnerId = pathText(visit, 'partnerId');
  const shown: Shown = { reason: field(visit, 'reason', 1_000), isAware: field(visit, 'aware', 5) === 'yes' };
  try {
    const to = await submitOnce(ctx, field(visit, 'form_id', 64), async (tx) => {
      const version = await publishPartner(tx, { partnerId, revision: Number(field(visit, 'revision', 8)) || 0, reason: shown.reason ?? '', isAware: shown.isAware ?? false, check: checkProfile });
      return `${hereOf(visit)}?done=published&version=${version}`;
    });
    await refreshKits(ctx);
    return redirect(to);
  } catch (error) {
    const at = error instanceof AppError ? AT[error.code] : undefined;
    if (!(error instanceof AppError) || at === undefined) throw error;
    return show(visit, { ...shown, faults: [{ field: at, text: wordsFor(visit.language).error(error.code, error.params) }] }, { conflict: 409, forbidden: 403 }[error.kind as string] ?? 422);
  }
};

/** What a draft changes, what is still wrong with it, and what it brings about; from here it is put into force. */
export const partnerReviewPage: Page = { path: '/administration/partners/:partnerId/review', access: 'partners.review', get: (visit) => show(visit), post: publish };
