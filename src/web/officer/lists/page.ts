import { isAllowed } from '../../../platform/authorise.ts';
import { annotatedList, listAnnotated, listReceivedFiles, openAnnotated } from '../../../modules/payments/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

const LATEST_MAX = 20;

/** A partner's own lists, as they went back to it; for the agency's people all of them, and the newest lists to send back. */
const listsPage: Page = {
  path: '/lists',
  access: 'payments.annotated',
  get: async (visit) => {
    const canMake = isAllowed(visit.ctx, 'payments.annotate');
    const lists = await listAnnotated(visit.ctx);
    const received = canMake ? (await listReceivedFiles(visit.ctx)).files.filter(({ kind }) => kind === 'forwarding' || kind === 'remittance').slice(0, LATEST_MAX) : [];
    const nameOf = (partnerId: string | null) => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));
    return view('officer/lists', {
      canMake, lists: lists.map((list) => ({ ...list, partnerName: nameOf(list.partnerId) })), received: received.map((list) => ({ ...list, partnerName: nameOf(list.partnerId) })),
    });
  },
};

const makePage: Page = {
  path: '/lists/make',
  access: 'payments.annotate',
  post: async (visit) => {
    await annotatedList(visit.ctx, field(visit, 'list', 80));
    return redirect('/lists');
  },
};

const listPage: Page = {
  path: '/lists/:annotatedFileId',
  access: 'payments.annotated',
  get: async (visit) => {
    const { fileName, bytes } = await openAnnotated(visit.ctx, pathText(visit, 'annotatedFileId'));
    return { kind: 'download', bytes, type: 'application/octet-stream', fileName, isInline: false };
  },
};

export const listPages: readonly Page[] = [listsPage, makePage, listPage];
