import { recordAudit } from '../../audit/index.ts';
import { removeQueueItem } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { APPLICATION_ITEM, APPLICATION_REFUSALS, MORE_TO_ASK, OPEN_APPLICATION_STATES } from './application.rules.ts';
import type { ApplicationState } from './application.rules.ts';
import { decideApplicationWork, findApplicationWork, selectWaitingForCase, updateApplication } from './application.store.ts';
import type { ApplicationRow } from './application.store.ts';
import { applicationRow } from './file-application.ts';

async function open(ctx: TxCtx, applicationId: string): Promise<ApplicationRow> {
  const row = await applicationRow(ctx, applicationId, 'lock');
  if (!OPEN_APPLICATION_STATES.includes(row.state)) throw new AppError('conflict', 'application.over', { params: { state: row.state } });
  return row;
}

/** The county takes it and opens a case in its own system, from the worksheet. Its clock runs until the case is known here. @throws AppError `application.over`, `application.not_found`. */
export async function acceptApplication(ctx: Ctx, applicationId: string): Promise<{ readonly applicationId: string; readonly state: ApplicationState }> {
  authorise(ctx, 'applications.decide');
  return inTransaction(ctx, async (tx) => {
    const row = await open(tx, applicationId);
    if (row.state === 'accepted') return { applicationId, state: row.state };
    await updateApplication(tx, applicationId, 'accepted');
    await decideApplicationWork(tx, applicationId, { isExported: true });
    await recordAudit(tx, { action: 'application.accepted', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county });
    await emit(tx, 'application.accepted', { applicationId });
    return { applicationId, state: 'accepted' as const };
  });
}

/** Says no, with a reason that the officer is told. @throws AppError `application.reason_unknown`, `application.over`, `application.not_found`. */
export async function refuseApplication(ctx: Ctx, applicationId: string, reason: string): Promise<{ readonly applicationId: string; readonly state: ApplicationState }> {
  authorise(ctx, 'applications.decide');
  const known = APPLICATION_REFUSALS.find((one) => one === reason);
  if (known === undefined) throw new AppError('invalid', 'application.reason_unknown', { params: { reasons: APPLICATION_REFUSALS.join(', ') } });
  return inTransaction(ctx, async (tx) => {
    const row = await open(tx, applicationId);
    await updateApplication(tx, applicationId, 'refused', { reason: known });
    await decideApplicationWork(tx, applicationId, {});
    await removeQueueItem(tx, APPLICATION_ITEM, applicationId);
    await recordAudit(tx, { action: 'application.refused', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county, details: { reason: known } });
    await emit(tx, 'application.refused', { applicationId });
    return { applicationId, state: 'refused' as const };
  });
}

/** Asks the officer for what is missing, as codes. The clock of the law does not wait. @throws AppError `application.nothing_asked`, `application.over`, `application.not_found`. */
export async function askForMore(ctx: Ctx, applicationId: string, wanted: readonly string[]): Promise<{ readonly applicationId: string; readonly state: ApplicationState }> {
  authorise(ctx, 'applications.decide');
  const askedFor = MORE_TO_ASK.filter((one) => wanted.includes(one));
  if (askedFor.length === 0 || wanted.some((one) => !MORE_TO_ASK.some((known) => known === one))) throw new AppError('invalid', 'application.nothing_asked', { params: { expected: MORE_TO_ASK.join(', ') } });
  return inTransaction(ctx, async (tx) => {
    const row = await open(tx, applicationId);
    await updateApplication(tx, applicationId, 'more_asked', { askedFor });
    await recordAudit(tx, { action: 'application.more_asked', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county, details: { wanted: askedFor.join(' ') } });
    await emit(tx, 'application.more_asked', { applicationId });
    return { applicationId, state: 'more_asked' as const };
  });
}

/**
 * The county's case of an application, looked up by whoever calls, since only cases know: one that was opened for it, or one that was there before. The clock
 * stops with it. Saying the same again changes nothing.
 *
 * @throws AppError `application.other_county`, `application.over`, `application.not_found`.
 */
export async function linkApplication(ctx: Ctx, applicationId: string, supportCase: { readonly caseId: string; readonly county: string }): Promise<{ readonly applicationId: string; readonly state: ApplicationState }> {
  authorise(ctx, 'applications.decide');
  return inTransaction(ctx, async (tx) => {
    const row = await applicationRow(tx, applicationId, 'lock');
    if (row.state === 'opened' && (await findApplicationWork(tx, applicationId))?.caseId === supportCase.caseId) return { applicationId, state: row.state };
    if (!OPEN_APPLICATION_STATES.includes(row.state)) throw new AppError('conflict', 'application.over', { params: { state: row.state } });
    if (row.county !== supportCase.county) throw new AppError('invalid', 'application.other_county');
    await updateApplication(tx, applicationId, 'opened', { caseId: supportCase.caseId });
    await decideApplicationWork(tx, applicationId, { caseId: supportCase.caseId });
    await removeQueueItem(tx, APPLICATION_ITEM, applicationId);
    await recordAudit(tx, { action: 'application.opened', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county, details: { caseId: supportCase.caseId } });
    await emit(tx, 'application.opened', { applicationId });
    return { applicationId, state: 'opened' as const };
  });
}

const WAITING_MAX = 500;

/** Applications for which the county is opening a case, with the numbers by which an imported case names them. */
export async function applicationsToLink(ctx: Ctx): Promise<readonly { readonly applicationId: string; readonly partnerId: string; readonly county: string; readonly numbers: readonly string[] }[]> {
  authorise(ctx, 'applications.decide');
  const rows = await inTransaction(ctx, (tx) => selectWaitingForCase(tx, WAITING_MAX));
  return rows.map(({ partnerFileNumber, ...row }) => ({ ...row, numbers: [row.applicationId, ...(partnerFileNumber === null ? [] : [partnerFileNumber])] }));
}
