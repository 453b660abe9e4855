import { changeOwnLanguage, changeOwnPassword, endOwnSessions, getOwnAccount, PASSWORD_CHARACTERS_MIN } from '../../../modules/identity/index.ts';
import { beginSession } from '../../../http/index.ts';
import { LANGUAGES } from '../../../platform/i18n.ts';
import { faultsOf } from '../../administrator/users/account-form.ts';
import type { Fault } from '../../administrator/users/account-form.ts';
import { scopeOf } from '../../administrator/users/account-words.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const DONE = ['password', 'language', 'ended'];

async function show(visit: Visit, faults: readonly Fault[] = [], status = 200): Promise<Reply> {
  const { ctx, format, t, language } = visit;
  const account = await getOwnAccount(ctx);
  const done = queryText(visit, 'done', 10);
  return view('anyone/account', {
    account, sees: scopeOf(account, visit), faults, mustChange: account.startEndsAt !== null, charactersMin: PASSWORD_CHARACTERS_MIN, done: DONE.includes(done) ? done : null,
    languageChoices: LANGUAGES.map((one) => ({ language: one, name: wordsFor(language).label('language', one) })),
    sessions: account.openSessions.map((session) => ({ started: session.startedAt === null ? t('users:list.never') : format.instant(session.startedAt), ends: format.instant(session.endsAt) })),
  }, status);
}

/** A password as it was typed: white space at its ends belongs to it. */
const typed = (visit: Visit, name: string): string => {
  const value = (visit.req.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value.slice(0, 4_000) : '';
};

const changePassword: Handler = async (visit) => {
  const [current, next, again] = [typed(visit, 'current'), typed(visit, 'password'), typed(visit, 'again')];
  const faults: Fault[] = [
    ...(current === '' ? [{ field: 'current', text: visit.t('users:account.current_missing') }] : []),
    ...(next !== again ? [{ field: 'again', text: visit.t('identity:errors.identity_passwords_differ') }] : []),
  ];
  if (faults.length > 0) return show(visit, faults, 422);
  let epoch: number;
  try {
    epoch = await changeOwnPassword(visit.ctx, { current, next });
  } catch (error) {
    return show(visit, faultsOf(error, visit), 422);
  }
  // All sessions have ended, this one, too: whoever sits here stays.
  await beginSession(visit.req, { userId: visit.ctx.actor.id, epoch }, visit.ctx.clock);
  return redirect('/account?done=password');
};

const changeLanguage: Handler = async (visit) => {
  const language = field(visit, 'language', 10);
  try {
    await changeOwnLanguage(visit.ctx, language);
  } catch (error) {
    return show(visit, faultsOf(error, visit), 422);
  }
  return redirect(`/account?language=${encodeURIComponent(language)}&done=language`);
};

const endSessions: Handler = async (visit) => {
  const { epoch } = await endOwnSessions(visit.ctx);
  await beginSession(visit.req, { userId: visit.ctx.actor.id, epoch }, visit.ctx.clock);
  return redirect('/account?done=ended');
};

const back: Handler = async () => redirect('/account');

/** What everybody changes by themselves. */
export const accountPages: readonly Page[] = [
  { path: '/account', access: 'signed-in', get: (visit) => show(visit) },
  { path: '/account/password', access: 'signed-in', get: back, post: changePassword },
  { path: '/account/language', access: 'signed-in', get: back, post: changeLanguage },
  { path: '/account/sessions', access: 'signed-in', get: back, post: endSessions },
];
