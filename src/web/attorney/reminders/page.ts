import { dropReminder, getReminder, listReminders, REMINDER_SORTS, sendReminder, settleEscalation } from '../../../modules/exchange/index.ts';
import type { ReminderRow, ReminderSort, ReminderView } from '../../../modules/exchange/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, telling, wantsCsv } from '../../list.ts';
import type { Column, Line, Sort } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { partnerList } from '../partner-list.ts';

const DONE = ['sent', 'dropped', 'settled'] as const;
const SENTENCE_MAX = 2_000;

/** A rule in words; one that an operator added has its id. */
function ruleName({ t }: Visit, rule: string): string {
  return hasWords('en', `reminders:rule.${rule}`) ? t(`reminders:rule.${rule}`) : t('reminders:rule.other', { rule });
}

function lineOf(visit: Visit, row: ReminderRow) {
  return {
    ...row, what: ruleName(visit, row.rule), partner: partnerNameOf(row.partnerId, visit, 'short'), href: `/reminders/${encodeURIComponent(row.reminderId)}`,
    nth: row.isEscalation || row.position < 2 ? null : visit.t('reminders:page.number', { n: row.position }),
  };
}

function columnsOf({ t }: Visit): Column<ReminderSort>[] {
  return [
    { label: t('reminders:page.due'), sort: 'due' }, { label: t('web:queue.what') }, { label: t('web:referral.partner'), sort: 'partner' }, { label: t('reminders:page.referral') },
    { label: t('reminders:page.drafted_on'), sort: 'made' },
  ];
}

async function* csvLines(visit: Visit, query: { readonly isEscalation: boolean; readonly partnerId: string | undefined; readonly order: Sort<ReminderSort> }): AsyncGenerator<Line> {
  for await (const row of everyPage((place) => listReminders(visit.ctx, { ...query, ...place }))) yield telling([row.dueOn, ruleName(visit, row.rule), partnerNameOf(row.partnerId, visit, 'short'), row.referralId ?? '', row.createdOn], { referral: row.referralId });
}

/** What the gateway has drafted because a day has passed or something has to be told; for supervisors also what was told to them. */
export const remindersPage: Page = {
  path: '/reminders',
  access: 'reminders.view',
  get: async (visit) => {
    const isEscalation = queryText(visit, 'show', 20) === 'escalations';
    const { partners, partnerId, sort } = partnerList(visit, REMINDER_SORTS, { by: 'due', isDescending: false });
    const columns = columnsOf(visit);
    if (wantsCsv(visit)) return csvOf(visit, 'reminders', columns.map(({ label }) => label), csvLines(visit, { isEscalation, partnerId, order: sort }));
    const { rows, ...found } = await listReminders(visit.ctx, { isEscalation, partnerId, order: sort, ...queryPlace(visit) });
    await noteShown(visit, 'reminders', rows, ({ referralId }) => ({ referral: referralId }));
    const done = DONE.find((one) => one === queryText(visit, 'done', 20));
    return view('attorney/reminders', {
      isEscalation, partners, partnerId: partnerId ?? '', heads: headsOf(visit, columns, sort), csv: csvAddress(visit), total: found.total, lines: rows.map((row) => lineOf(visit, row)), canSettle: isAllowed(visit.ctx, 'reminders.settle'),
      done: done === undefined ? null : visit.t(`reminders:page.done_${done}`),
      paging: pagingBehind(visit, found),
    });
  },
};

/** One draft: what it says in both languages, a sentence to add, sent or dropped. */
export const reminderPage: Page = {
  path: '/reminders/:reminderId',
  access: 'reminders.view',
  get: (visit) => show(visit, [], { source: '', target: '' }),
  post: async (visit) => {
    const reminderId = pathText(visit, 'reminderId');
    const added = { source: field(visit, 'source', SENTENCE_MAX), target: field(visit, 'target', SENTENCE_MAX) };
    try {
      await sendReminder(visit.ctx, reminderId, added.source === '' && added.target === '' ? [] : [added]);
    } catch (error) {
      if (!(error instanceof AppError) || (error.kind !== 'invalid' && error.kind !== 'conflict') || error.code === 'exchange.reminder_not_open') throw error;
      return show(visit, faultsOf(visit, error, added), added);
    }
    return redirect('/reminders?done=sent');
  },
};

interface Fault { field: string; text: string }

function faultsOf(visit: Visit, error: AppError, added: { source: string; target: string }): Fault[] {
  const words = wordsFor(visit.language);
  const place = error.code === 'exchange.reminder_sentence' && added.source !== '' ? 'target' : 'source';
  return [{ field: place, text: words.error(error.code, error.params) }, ...error.findings.map((finding) => ({ field: place, text: words.finding(finding) }))];
}

async function show(visit: Visit, faults: readonly Fault[], entered: { source: string; target: string }): Promise<Reply> {
  const seen: ReminderView = await getReminder(visit.ctx, pathText(visit, 'reminderId'));
  return view('attorney/reminders/one', {
    ...lineOf(visit, seen), seen, faults, entered, isOpen: seen.state === 'drafted',
    law: seen.law === null ? null : { citation: seen.law.citation, isConfirmed: seen.law.confirmed },
    tongue: new Intl.DisplayNames(visit.language, { type: 'language' }).of(seen.language) ?? seen.language,
    canDecide: isAllowed(visit.ctx, 'reminders.decide') && seen.state === 'drafted', canSettle: isAllowed(visit.ctx, 'reminders.settle') && seen.state === 'escalated',
  }, faults.length > 0 ? 422 : 200);
}

export const dropReminderPage: Page = {
  path: '/reminders/:reminderId/drop',
  access: 'reminders.decide',
  post: async (visit) => {
    await dropReminder(visit.ctx, pathText(visit, 'reminderId'));
    return redirect('/reminders?done=dropped');
  },
};

export const settleReminderPage: Page = {
  path: '/reminders/:reminderId/settle',
  access: 'reminders.settle',
  post: async (visit) => {
    await settleEscalation(visit.ctx, pathText(visit, 'reminderId'));
    return redirect('/reminders?show=escalations&done=settled');
  },
};

export const reminderPages: readonly Page[] = [remindersPage, reminderPage, dropReminderPage, settleReminderPage];
