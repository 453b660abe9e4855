import { acknowledgeWithheld, deliveryOf, listDispatches, listExchangeAlarms, printMessageSheet, recordDispatch, recordReturn, resendMessage } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { noteShown, wantsCsv } from '../../list.ts';
import { alarmLines } from '../../reconciler/days/page.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { partnerList } from '../partner-list.ts';
import { channelOf, circuitsOf, fileOf, hrefOf, onTheirWayOf, reasonOf, undeliveredOf } from './lists.ts';

const ONE = '/deliveries/:messageId';
const DONE = ['resent', 'dispatched', 'returned', 'seen'] as const;
const NUMBER_MAX = 60;
const RESENDABLE = ['failed', 'expired', 'delivered'];

interface Entered { readonly courier: string; readonly trackingNumber: string; readonly dispatchedOn: string; readonly returnedOn: string }
const NOTHING: Entered = { courier: '', trackingNumber: '', dispatchedOn: '', returnedOn: '' };

/** What reached nobody, what is on its way or wants a courier, how partners answer, and what stands out. */
const deliveriesPage: Page = {
  path: '/deliveries',
  access: 'exchange.view',
  get: async (visit) => {
    const { partners, partnerId } = partnerList(visit, ['partner'], { by: 'partner', isDescending: false });
    const file = wantsCsv(visit) ? await fileOf(visit, partnerId) : null;
    if (file !== null) return file;
    const alarms = (await listExchangeAlarms(visit.ctx)).map((alarm) => (alarm.partnerId === null ? alarm : { ...alarm, params: { ...alarm.params, partner: partnerNameOf(alarm.partnerId, visit, 'short') } }));
    const lists = { undelivered: await undeliveredOf(visit, partnerId), courier: await onTheirWayOf(visit, 'courier', partnerId), way: await onTheirWayOf(visit, 'way', partnerId), circuits: await circuitsOf(visit, partnerId) };
    await noteShown(visit, 'deliveries', [...lists.undelivered.rows, ...lists.courier.rows, ...lists.way.rows], ({ messageId }) => ({ message: messageId }));
    return view('attorney/deliveries', {
      partners, partnerId: partnerId ?? '', canManage: isAllowed(visit.ctx, 'exchange.manage'), alarms: alarmLines(visit, alarms), ...lists,
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
