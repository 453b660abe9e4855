import { addApplicationPaper, PAPER_KINDS, readApplication, readApplicationPaper } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { faultsOf, refusalOf } from '../../inquiry-form.ts';
import type { Refusal } from '../../inquiry-form.ts';
import { personOf } from '../../inquiry-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const DONE = ['filed', 'same', 'paper', 'same_paper'];

async function one(visit: Visit, refusal: Refusal | null = null): Promise<Reply> {
  const applicationId = pathText(visit, 'applicationId');
  if (visit.ctx.actor.partner === null) return redirect(`/applications/${encodeURIComponent(applicationId)}`);
  const application = await readApplication(visit.ctx, applicationId);
  const done = queryText(visit, 'done', 12);
  const canSupply = isAllowed(visit.ctx, 'applications.file') && ['received', 'more_asked'].includes(application.state);
  return view('officer/application', {
    supplyAt: canSupply ? `/apply/new?supplies=${applicationId}` : null,
    one: application, applicant: personOf({ details: { person: application.details.applicant } }), isFiled: done === 'filed', kinds: PAPER_KINDS, isOpen: ['received', 'more_asked', 'accepted'].includes(application.state), faults: faultsOf(refusal, wordsFor(visit.language), 'file'),
    done: DONE.includes(done) ? visit.t(`inquiries:apply.done.${done}`) : null,
  }, refusal?.status ?? 200);
}

/** The file is the last field of its form, and nothing of it is kept where the kind is wrong. */
const addPaper: Handler = async (visit) => {
  const applicationId = pathText(visit, 'applicationId');
  const { upload } = visit.req;
  try {
    if (!upload || upload.fileName === '') throw new AppError('invalid', 'application.file_needed');
    const { added } = await addApplicationPaper(visit.ctx, applicationId, { kind: field(visit, 'kind', 40), fileName: upload.fileName, source: upload.source });
    return redirect(`/apply/${encodeURIComponent(applicationId)}?done=${added ? 'paper' : 'same_paper'}`);
  } catch (error) {
    return one(visit, refusalOf(error));
  }
};

const paper: Handler = async (visit) => {
  const file = await readApplicationPaper(visit.ctx, pathText(visit, 'applicationId'), Number(pathText(visit, 'position')) || 0);
  return { kind: 'download', bytes: file.bytes, type: file.mediaType, fileName: file.fileName, isInline: false };
};

export const applyPages: readonly Page[] = [
  { path: '/apply/:applicationId', access: 'applications.read', get: (visit) => one(visit) },
  { path: '/apply/:applicationId/papers', access: 'applications.file', get: (visit) => one(visit), post: addPaper },
  { path: '/apply/:applicationId/papers/:position', access: 'applications.read', get: paper },
];
