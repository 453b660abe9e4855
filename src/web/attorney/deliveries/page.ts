import { acknowledgeWithheld, deliveryOf, listCircuits, listDispatches, listExchangeAlarms, listOnTheirWay, listUndelivered, printMessageSheet, recordDispatch, recordReturn, resendMessage } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords, wordsForCode } from '../../../platform/i18n.ts';
import { exchangeWord } from '../../conversation-line.ts';
import { pagingNumbered } from '../../paging.ts';
import { alarmLines } from '../../reconciler/days/page.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const ONE = '/deliveries/:messageId';
const DONE = ['resent', 'dispatched', 'returned', 'seen'] as const;
const NUMBER_MAX = 60;
const PAGE_SIZE = 50;
const RESENDABLE = ['failed', 'expired', 'delivered'];

interface Entered { readonly courier: string; readonly trackingNumber: string; readonly dispatchedOn: string; readonly returnedOn: string }
const NOTHING: Entered = { courier: '', trackingNumber: '', dispatchedOn: '', returnedOn: '' };

const hrefOf = (messageId: string): string => `/deliveries/${encodeURIComponent(messageId)}`;
const reasonOf = ({ language }: Visit, code: string | null): string => (code === null ? '' : wordsForCode(language, 'reasons', code, {}));
const channelOf = ({ t, language }: Visit, channel: string): string => (hasWords(language, `partners:channel.${channel}`) ? t(`partners:channel.${channel}`) : channel);

type Lines = { readonly messageId: string; readonly href: string; readonly partner: string; readonly what: string };

const lineOf = (visit: Visit, row: { readonly messageId: string; readonly partnerId: string; readonly kind: string }): Lines =>
  ({ messageId: row.messageId, href: hrefOf(row.messageId), partner: partnerNameOf(row.partnerId, visit, 'short'), what: exchangeWord(visit, 'kind', row.kind) });

/** What reached nobody, what is on its way or wants a courier, how partners answer, and what stands out. */
const deliveriesPage: Page = {
  path: '/deliveries',
  access: 'exchange.view',
  get: async (visit) => {
    const [page, canManage] = [queryPage(visit), isAllowed(visit.ctx, 'exchange.manage')];
    const { rows, total } = await listOnTheirWay(visit.ctx, { page, pageSize: PAGE_SIZE });
    const way = rows.map((row) => ({ ...lineOf(visit, row), isPaper: row.channel === 'courier', since: visit.format.instant(row.storedAt) }));
    const alarms = (await listExchangeAlarms(visit.ctx)).map((alarm) => (alarm.partnerId === null ? alarm : { ...alarm, params: { ...alarm.params, partner: partnerNameOf(alarm.partnerId, visit, 'short') } }));
    return view('attorney/deliveries', {
      canManage, alarms: alarmLines(visit, alarms), courier: way.filter(({ isPaper }) => isPaper), way: way.filter(({ isPaper }) => !isPaper), paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
      lines: (await listUndelivered(visit.ctx)).map((row) => ({
        ...row, ...lineOf(visit, row), stateWords: visit.t(`delivery:state.${row.state}`), why: reasonOf(visit, row.lastCode), at: row.lastAt === null ? '' : visit.format.instant(row.lastAt),
      })),
      circuits: (await listCircuits(visit.ctx)).map((one) => ({
        partner: partnerNameOf(one.partnerId, visit, 'short'), channel: channelOf(visit, one.channel), isClosed: one.state === 'closed', state: visit.t(`delivery:circuit.${one.state}`),
        failures: one.failures === 0 ? null : visit.t('conversations:deliveries.failures', { count: one.failures }),
        notBefore: one.state === 'closed' || one.retryAt === null ? null : visit.t('conversations:deliveries.not_before', { when: visit.format.instant(one.retryAt) }),
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
    messageId, href: hrefOf(messageId), faults, entered, canManage, canRead: isAllowed(visit.ctx, 'messages.view'), partner: partnerNameOf(message.partnerId, visit, 'full'), state: visit.t(`delivery:state.${message.state}`),
    waitUntil: delivery?.waitUntil ?? null, canResend: canManage && RESENDABLE.includes(message.state), dispatches: await listDispatches(visit.ctx, messageId),
    withheld: !attempts.some(({ code }) => code === 'delivery.withdrawn') ? null : message.state === 'retrieved' ? 'recall' : 'withheld',
    done: done === undefined ? null : visit.t(done === 'returned' ? 'conversations:done.returned' : `delivery:page.done_${done}`),
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

/** Somebody has seen to a message that is handed out no more. */
const seenPage: Page = {
  path: `${ONE}/seen`,
  access: 'exchange.manage',
  post: async (visit) => {
    const messageId = pathText(visit, 'messageId');
    await acknowledgeWithheld(visit.ctx, messageId);
    return redirect(`${hrefOf(messageId)}?done=seen`);
  },
};

const dispatchPage: Page = {
  path: `${ONE}/dispatch`,
  access: 'exchange.manage',
  post: async (visit) => {
    const messageId = pathText(visit, 'messageId');
    const entered: Entered = { courier: field(visit, 'courier', NUMBER_MAX), trackingNumber: field(visit, 'trackingNumber', NUMBER_MAX), dispatchedOn: field(visit, 'dispatchedOn', 20), returnedOn: '' };
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

const RETURN_REFUSED = ['paper.day_invalid', 'paper.not_dispatched', 'paper.not_to_be_sent'];

/** The courier's proof came back: the partner has the papers. */
const returnPage: Page = {
  path: `${ONE}/return`,
  access: 'exchange.manage',
  post: async (visit) => {
    const messageId = pathText(visit, 'messageId');
    const returnedOn = field(visit, 'returnedOn', 20);
    try {
      await recordReturn(visit.ctx, messageId, { returnedOn });
    } catch (error) {
      if (!(error instanceof AppError) || !RETURN_REFUSED.includes(error.code)) throw error;
      return show(visit, [{ field: 'returnedOn', text: wordsFor(visit.language).error(error.code, error.params) }], { ...NOTHING, returnedOn });
    }
    return redirect(`${hrefOf(messageId)}?done=returned`);
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

export const deliveryPages: readonly Page[] = [deliveriesPage, deliveryPage, resendPage, seenPage, dispatchPage, returnPage, sheetPage];
