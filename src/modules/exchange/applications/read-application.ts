import { recordAudit } from '../../audit/index.ts';
import { missingForCase, officeDay } from '../../referrals/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { openKeptFile } from '../../../platform/files.ts';
import type { Readable } from 'node:stream';
import { APPLICATION_STATES, factsOfApplication, OPEN_APPLICATION_STATES, worksheetOf } from './application.rules.ts';
import type { WorksheetLine } from './application.rules.ts';
import { findApplicationWork, selectApplications, selectPapers } from './application.store.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf, pageWith } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import type { ApplicationRow, ApplicationWork, PaperRow, ApplicationSort } from './application.store.ts';
import { applicationRow } from './file-application.ts';

const SIZES = { usual: 25, most: 100 };

export interface ListedApplication extends ApplicationRow {
  readonly isOverdue: boolean;
}

export interface ApplicationView extends ListedApplication {
  readonly papers: readonly PaperRow[];
  /** What a case still needs, as codes (`incoming:missing.*`). */
  readonly missing: readonly string[];
  /** The proposal and what was decided; null for whoever filed it. */
  readonly work: ApplicationWork | null;
}

/** An application with its papers. The officer is told where it stands, and the case's number once it is open. @throws AppError `application.not_found`, `access.forbidden`. */
export async function readApplication(ctx: Ctx, applicationId: string): Promise<ApplicationView> {
  authorise(ctx, 'applications.read');
  const view = await inTransaction(ctx, async (tx) => {
    const row = await applicationRow(tx, applicationId);
    const isAgency = ctx.actor.partner === null && isAllowed(ctx, 'applications.view');
    if (ctx.actor.kind !== 'system') await recordAudit(tx, { action: 'application.read', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county });
    return { row, papers: await selectPapers(tx, applicationId), work: isAgency ? await findApplicationWork(tx, applicationId) : null };
  });
  return { ...listed(ctx, view.row), papers: view.papers, missing: missingForCase(factsOfApplication(view.row)), work: view.work };
}

function listed(ctx: Ctx, row: ApplicationRow): ListedApplication {
  return { ...row, isOverdue: OPEN_APPLICATION_STATES.includes(row.state) && row.openBy < officeDay(ctx) };
}

/** What the county opens its case from. @throws AppError `application.not_found`, `access.forbidden`. */
export async function applicationWorksheet(ctx: Ctx, applicationId: string): Promise<readonly WorksheetLine[]> {
  authorise(ctx, 'applications.view');
  return worksheetOf(await readApplication(ctx, applicationId));
}

export interface ApplicationPaperFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Readable;
}

/** A paper as it came. @throws AppError `application.not_found`, `access.forbidden`. */
export async function readApplicationPaper(ctx: Ctx, applicationId: string, position: number): Promise<ApplicationPaperFile> {
  authorise(ctx, 'applications.read');
  const { papers } = await readApplication(ctx, applicationId);
  const paper = papers.find((one) => one.position === position);
  if (!paper) throw new AppError('not_found', 'application.not_found');
  const ending = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' }[paper.mediaType] ?? 'bin';
  return { fileName: `${applicationId}-${paper.position}.${ending}`, mediaType: paper.mediaType, bytes: openKeptFile(ctx, paper.fileId) };
}

export interface ApplicationQuery extends PageAsked {
  readonly show?: 'open' | 'over' | 'all' | undefined;
  readonly partnerId?: string | undefined;
  readonly order?: ListOrder<ApplicationSort> | undefined;
}

export type ApplicationPage = ListPage<ListedApplication>;

/** Applications, page by page: what waits by the day on which it is due. @throws AppError `access.forbidden`. */
export async function listApplications(ctx: Ctx, query: ApplicationQuery = {}): Promise<ApplicationPage> {
  authorise(ctx, 'applications.read');
  const show = query.show ?? 'all';
  const states = show === 'open' ? OPEN_APPLICATION_STATES : show === 'over' ? APPLICATION_STATES.filter((state) => !OPEN_APPLICATION_STATES.includes(state)) : null;
  const filter = { states, partnerId: ctx.actor.partner ?? query.partnerId ?? null, order: query.order ?? (show === 'open' ? { by: 'due', isDescending: false } as const : { by: 'received', isDescending: true } as const) };
  const found = await inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectApplications(tx, filter, place), ({ applicationId }) => applicationId));
  return pageWith(found, (row) => listed(ctx, row));
}
