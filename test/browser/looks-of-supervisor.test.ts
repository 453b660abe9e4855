import { renewMoneyFigures } from '../../src/modules/reconciliation/index.ts';
import { renewWorkFigures } from '../../src/modules/referrals/index.ts';
import { actorOf, createUser, createUserWithStart, listAccounts } from '../../src/modules/identity/index.ts';
import { withActor } from '../../src/platform/context.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { PASSWORD } from '../http/web/web-site.ts';
import { lookAt } from './look.ts';

const LONG_NAME = `${'María de los Ángeles Guadalupe '.repeat(4)}Ñ`.slice(0, 128);
let longId = '';

/** Beside the people of all tests: a name as long as names get, somebody before the first sign-in, and a supervisor of a county without work. */
async function people({ ctx }: Parameters<NonNullable<Parameters<typeof lookAt>[1]>>[0]): Promise<void> {
  const [leader] = (await listAccounts(ctx, { userName: 'administrator' })).rows;
  const administrator = withActor(ctx, await actorOf(ctx, leader?.userId ?? ''));
  longId = (await createUser(administrator, { userName: `long.${'name.'.repeat(11)}e`, displayName: LONG_NAME, roles: ['attorney', 'supervisor'], counties: ['06037', '06025'], partner: null, language: 'es-MX', password: PASSWORD })).userId;
  await createUserWithStart(ctx, { userName: 'starter', displayName: '선우 김', roles: ['translator'], counties: 'all', partner: null, language: 'ko-KR' });
  await createUser(ctx, { userName: 'nowhere', displayName: 'Nora Nowhere', roles: ['supervisor'], counties: ['06999'], partner: null, language: 'en', password: PASSWORD });
  await renewWorkFigures(ctx);
  await renewMoneyFigures(ctx);
  expect((await listAccounts(ctx)).total).toBeGreaterThan(10);
}

lookAt({
  administrator: [
    { name: 'users', path: '/users?sort=-seen' },
    { name: 'users-none', state: 'empty', path: '/users?search=nobody+is+called+so' },
    { name: 'user-new', path: '/users/new' },
    { name: 'user-new-wrong', state: 'error', page: '/users/new', path: '/users/new', status: 200, act: async (page) => {
      await page.fill('#user_name', 'MARÍA');
      await page.fill('#display_name', LONG_NAME);
      await page.click('main form[action="/users/new"] button[type=submit]');
      await page.waitForSelector('.pu-error-summary');
    } },
    { name: 'user', path: () => `/users/${longId}` },
    { name: 'user-close', path: () => `/users/${longId}/close` },
    { name: 'user-reset', path: () => `/users/${longId}/reset` },
    { name: 'user-unknown', path: '/users/usr_nobody', status: 404 },
    { name: 'account', path: '/account?done=password' },
    { name: 'audit-log-administrator', path: '/audit-log?action=identity.signed_in' },
  ],
  supervisor: [
    { name: 'overview', path: '/overview?done=confirmed' },
    { name: 'who-saw', path: '/who-saw' },
    { name: 'who-saw-case', path: `/who-saw?case=${SAMPLE_CASES.plain.caseId}` },
    { name: 'who-saw-choice', path: '/who-saw?who=Nunez+Ibanez' },
    { name: 'who-saw-unknown', state: 'error', path: '/who-saw?case=123', status: 422 },
    { name: 'disclosure-log', path: '/disclosure-log' },
    { name: 'disclosure-log-none', state: 'empty', path: '/disclosure-log?person=nobody' },
    { name: 'disclosure-log-wrong', state: 'error', path: '/disclosure-log?from=yesterday', status: 422 },
    { name: 'audit-log', path: '/audit-log' },
    { name: 'audit-log-none', state: 'empty', path: '/audit-log?actor=nobody' },
    { name: 'audit-log-checked', path: '/audit-log?subject=none', act: async (page) => {
      await page.click('form[action="/audit-log/verify"] button');
      await page.waitForSelector('#anchor-now');
    } },
  ],
  nowhere: [{ name: 'overview-none', state: 'empty', path: '/overview' }, { name: 'disclosure-log-county-none', state: 'empty', path: '/disclosure-log' }],
  officer_kr: [{ name: 'account-officer', path: '/account' }],
}, people);
