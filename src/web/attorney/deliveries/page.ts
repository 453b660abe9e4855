import { deliveryOf, listDispatches, listUndelivered, printMessageSheet, recordDispatch, resendMessage } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords, wordsForCode } from '../../../platform/i18n.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const ONE = '/deliveries/:messageId';
const DONE = ['resent', 'dispatched'] as const;
const NUMBER_MAX = 60;
const RESENDABLE = ['failed', 'expired', 'delivered'];

interface Entered { readonly courier: string; readonly trackingNumber: string; readonly dispatchedOn: string }
const NOTHING: Entered = { courier: '', trackingNumber: '', dispatchedOn: '' };

const hrefOf = (messageId: string): string => `/deliveries/${encodeURIComponent(messageId)}`;
const reasonOf = ({ language }: Visit, code: string | null): string => (code === null ? '' : wordsForCode(language, 'reasons', code, {}));
const channelOf = ({ t, language }: Visit, channel: string): string => (hasWords(language, `partners:channel.${channel}`) ? t(`partners:channel.${channel}`) : channel);

/** Messages that reached nobody. */
const deliveriesPage: Page = {
  path: '/deliveries',
  access: 'exchange.view',
  get: async (visit) => {
    const rows = await listUndelivered(visit.ctx);
    return view('attorney/deliveries', {
      lines: rows.map((row) => ({
        ...row, href: hrefOf(row.messageId), partner: partnerNameOf(row.partnerId, visit, 'short'), what: visit.t(`delivery:state.${row.state}`), why: reasonOf(visit, row.lastCode),
        at: row.lastAt === null ? '' : visit.format.instant(row.lastAt),
      })),
    });
  },
};

/** What was tried for one message; sent again by one click, or sent by courier. */
const deliveryPage: Page = {
  path: ONE,
  access: 'exchange.view',
  get: (visit) => show(visit, [], NOTHING),
};

interface Fault { readonly field: string; readonly text: string }

async function show(visit: Visit, faults: readonly Fault[], entered: Entered): Promise<Reply> {
  const messageId = pathText(visit, 'messageId');
  const { message, delivery, attempts } = await deliveryOf(visit.ctx, messageId);
  const canManage = isAllowed(visit.ctx, 'exchange.manage');
  const done = DONE.find((one) => one === queryText(visit, 'done', 20));
  return view('attorney/deliveries/one', {
    messageId, href: hrefOf(messageId), faults, entered, canManage, partner: partnerNameOf(message.partnerId, visit, 'full'), state: visit.t(`delivery:state.${message.state}`),
    waitUntil: delivery?.waitUntil ?? null, canResend: canManage && RESENDABLE.includes(message.state), dispatches: await listDispatches(visit.ctx, messageId),
    done: done === undefined ? null : visit.t(`delivery:page.done_${done}`),
    attempts: attempts.map((one) => ({ at: visit.format.instant(one.happenedAt), channel: channelOf(visit, one.channel), why: reasonOf(visit, one.code), by: one.attemptedBy })),
  }, faults.length > 0 ? 422 : 200);
}

const resendPage: Page = {
  path: `${ONE}/resend`,
  access: 'exchange.manage',
  post: async (visit) => {
    const messageId = pathText(visit, 'messageId');
    await resendMessage(visit.ctx, messageId);
    return redirect(`${hrefOf(messageId)}?done=resent`);
  },
};

const dispatchPage: Page = {
  path: `${ONE}/dispatch`,
  access: 'exchange.manage',
  post: async (visit) => {
    const messageId = pathText(visit, 'messageId');
    const entered: Entered = { courier: field(visit, 'courier', NUMBER_MAX), trackingNumber: field(visit, 'trackingNumber', NUMBER_MAX), dispatchedOn: field(visit, 'dispatchedOn', 20) };
    try {
      await recordDispatch(visit.ctx, messageId, entered);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'paper.dispatch_invalid') throw error;
      const words = wordsFor(visit.language);
      return show(visit, error.findings.map((finding) => ({ field: (finding.path ?? '').slice(1), text: words.finding(finding) })), entered);
    }
    return redirect(`${hrefOf(messageId)}?done=dispatched`);
  },
};

const sheetPage: Page = {
  path: `${ONE}/sheet`,
  access: 'exchange.view',
  get: async (visit) => {
    const { bytes, fileName } = await printMessageSheet(visit.ctx, pathText(visit, 'messageId'));
    return { kind: 'download', bytes, fileName, type: 'application/pdf', isInline: true };
  },
};

export const deliveryPages: readonly Page[] = [deliveriesPage, deliveryPage, resendPage, dispatchPage, sheetPage];
