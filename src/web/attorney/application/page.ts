import { isAllowed } from '../../../platform/authorise.ts';
import { getCase } from '../../../modules/cases/index.ts';
import {
  acceptApplication, APPLICATION_REFUSALS, applicationWorksheet, askForMore, linkApplication, MORE_TO_ASK, OPEN_APPLICATION_STATES, readApplication, readApplicationPaper, refuseApplication,
} from '../../../modules/exchange/index.ts';
import { listAgreements } from '../../../modules/partners/index.ts';
import { recordForPeople } from '../../../modules/payments/index.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import { personOf } from '../../inquiry-line.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, fields, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const DONE = ['accepted', 'refused', 'more_asked', 'opened'];
const idOf = (visit: Visit): string => pathText(visit, 'applicationId');
const addressOf = (visit: Visit): string => `/applications/${encodeURIComponent(idOf(visit))}`;

async function show(visit: Visit, entered: { caseId: string } | null = null, refusal: Refusal | null = null): Promise<Reply> {
  const { ctx } = visit;
  if (ctx.actor.partner !== null) return redirect(`/apply/${encodeURIComponent(idOf(visit))}`);
  const one = await readApplication(ctx, idOf(visit));
  const done = queryText(visit, 'done', 12);
  const proposal = one.work?.proposal ?? null;
  const agreement = one.agreementId === null ? null : (await listAgreements(ctx)).find(({ record }) => record.agreementId === one.agreementId)?.record.titles.value[visit.language] ?? one.agreementId;
  return view('attorney/application', {
    one, agreement, applicant: personOf({ details: { person: one.details.applicant } }), partner: partnerNameOf(one.partnerId, visit), candidates: proposal?.candidates ?? [], findings: one.work?.findings ?? [], refusals: APPLICATION_REFUSALS, more: MORE_TO_ASK,
    entered: entered ?? { caseId: proposal?.kind === 'case' ? proposal.caseId : '' }, canDecide: OPEN_APPLICATION_STATES.includes(one.state) && isAllowed(ctx, 'applications.decide'),
    faults: faultsOf(refusal, wordsFor(visit.language), 'decide'), done: DONE.includes(done) ? visit.t(`inquiries:apply.done.${done}`) : null,
  }, refusal?.status ?? 200);
}

async function orShow(visit: Visit, entered: { caseId: string } | null, work: () => Promise<{ readonly state: string }>): Promise<Reply> {
  try {
    return redirect(`${addressOf(visit)}?done=${(await work()).state}`);
  } catch (error) {
    return show(visit, entered, refusalOf(error));
  }
}

const link: Handler = (visit) => {
  const caseId = field(visit, 'case', 40).toUpperCase();
  return orShow(visit, { caseId }, async () => {
    const { county } = await getCase(visit.ctx, caseId);
    return linkApplication(visit.ctx, idOf(visit), { caseId, county });
  });
};

/** For the county's own system: one line for each field, a cell never a formula. */
const worksheet: Handler = async (visit) => {
  const { t } = visit;
  const rows = (await applicationWorksheet(visit.ctx, idOf(visit))).map(({ field: name, index, value }) =>
    [`${t(`inquiries:worksheet.${name}`)}${index === null ? '' : ` (${index})`}`, value ?? '', t(`inquiries:apply_desk.${value === null ? 'lacking' : 'given'}`)]);
  const heading = ['field', 'value', 'standing'].map((column) => t(`inquiries:worksheet.column.${column}`));
  const text = `\uFEFF${[heading, ...rows].map((cells) => recordForPeople(cells)).join('\r\n')}\r\n`;
  return { kind: 'download', bytes: Buffer.from(text, 'utf8'), type: 'text/csv; charset=utf-8', fileName: `${idOf(visit)}.csv`, isInline: false };
};

const paper: Handler = async (visit) => {
  const file = await readApplicationPaper(visit.ctx, idOf(visit), Number(pathText(visit, 'position')) || 0);
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

const back: Handler = async (visit) => redirect(addressOf(visit));
const ONE = '/applications/:applicationId';

export const applicationPages: readonly Page[] = [
  { path: ONE, access: 'applications.read', get: (visit) => show(visit) },
  { path: `${ONE}/accept`, access: 'applications.decide', get: back, post: (visit) => orShow(visit, null, () => acceptApplication(visit.ctx, idOf(visit))) },
  { path: `${ONE}/refuse`, access: 'applications.decide', get: back, post: (visit) => orShow(visit, null, () => refuseApplication(visit.ctx, idOf(visit), field(visit, 'reason', 40))) },
  { path: `${ONE}/more`, access: 'applications.decide', get: back, post: (visit) => orShow(visit, null, () => askForMore(visit.ctx, idOf(visit), fields(visit, 'more'))) },
  { path: `${ONE}/link`, access: 'applications.decide', get: back, post: link },
  { path: `${ONE}/worksheet.csv`, access: 'applications.view', get: worksheet },
  { path: `${ONE}/papers/:position`, access: 'applications.read', get: paper },
];
