import { submitOnce } from '../../../modules/identity/index.ts';
import { closeDay, DAY_CHECKS, getDay, reopenDay, signDay } from '../../../modules/reconciliation/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { newFormId } from '../../form-id.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { peopleNames } from '../suspense/people.ts';

interface Fault { field: string; text: string }

const DONE = ['closed', 'signed', 'reopened'] as const;
/** Where what a check found is mended. */
const PLACES: Readonly<Record<(typeof DAY_CHECKS)[number], string>> = {
  files: '/pickup', unheard: '/runs', statements: '/pickup', agreement: '/agreement#differences', suspense: '/agreement#rests', carry_forward: '/days', days_before: '/days',
};

const addressOf = (day: string): string => `/days/${encodeURIComponent(day)}`;

/** One day of money: its checks, its figures, who closed and who signed it, and what can be done with it now. */
export const dayPage: Page = {
  path: '/days/:day',
  access: 'days.view',
  get: (visit) => show(visit, [], {}),
  post: async (visit) => {
    const day = pathText(visit, 'day');
    const reasons = Object.fromEntries(DAY_CHECKS.map((check) => [check, field(visit, `reason_${check}`, 2_000)]).filter(([, text]) => text !== ''));
    try {
      await closeDay(visit.ctx, officeDays, { day, reasons });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'days.exceptions') throw error;
      const lacking = String(error.params['checks'] ?? '').split(' ');
      return show(visit, lacking.map((check) => ({ field: `reason_${check}`, text: visit.t('days:reason_for', { check: visit.t(`days:check.${check}`) }) })), reasons, 422);
    }
    return redirect(`${addressOf(day)}?done=closed`);
  },
};

export const signDayPage: Page = {
  path: '/days/:day/sign',
  access: 'days.sign',
  post: async (visit) => {
    const day = pathText(visit, 'day');
    await signDay(visit.ctx, { day, closingId: field(visit, 'closing_id', 40) });
    return redirect(`${addressOf(day)}?done=signed`);
  },
};

export const reopenDayPage: Page = {
  path: '/days/:day/reopen',
  access: 'days.reopen',
  post: async (visit) => {
    const day = pathText(visit, 'day');
    const reason = field(visit, 'reopen_reason', 2_000);
    try {
      await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
        await reopenDay(tx, { day, reason });
        return day;
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'days.reason_missing') throw error;
      return show(visit, [{ field: 'reopen_reason', text: wordsFor(visit.language).error(error.code) }], {}, 422);
    }
    return redirect(`${addressOf(day)}?done=reopened`);
  },
};

async function show(visit: Visit, faults: readonly Fault[], entered: Readonly<Record<string, string>>, status = 200): Promise<Reply> {
  const { ctx } = visit;
  const seen = await getDay(ctx, officeDays, pathText(visit, 'day'));
  const words = wordsFor(visit.language);
  const names = await peopleNames(ctx, [...seen.versions, ...(seen.close ? [seen.close] : [])].flatMap((one) => [one.preparedBy, one.signedBy ?? '', one.reopenedBy ?? '']));
  const checksOf = (checks: NonNullable<typeof seen.figures>['checks']) => checks.map((check) => ({
    ...check, findings: check.findings.map((finding) => [finding.path, words.finding(finding)].filter(Boolean).join(' – ')),
  }));
  const isSigned = seen.close?.state === 'signed';
  const done = DONE.find((each) => each === queryText(visit, 'done', 20)) ?? null;
  return view('reconciler/day', {
    placeOf: PLACES, nameOf: (id: string) => names.get(id) ?? id,
    seen, faults, entered, isSigned, formId: newFormId(), address: addressOf(seen.day), done: done === null ? null : visit.t(`days:done.${done}`),
    checks: checksOf(isSigned ? (seen.close?.checks ?? []) : (seen.figures?.checks ?? [])),
    balances: seen.balances.map((row) => ({ ...row, partner: row.partnerId === null ? '' : partnerNameOf(row.partnerId, visit, 'short') })),
    standing: isSigned ? null : (seen.figures?.standing ?? null),
    canClose: isAllowed(ctx, 'days.close') && !isSigned && seen.figures !== null,
    canSign: isAllowed(ctx, 'days.sign') && seen.close?.state === 'prepared', isOwn: seen.close?.preparedBy === ctx.actor.id,
    canReopen: isAllowed(ctx, 'days.reopen') && isSigned,
  }, status);
}
