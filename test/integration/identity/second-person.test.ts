import { acknowledgeAccountAlarm, actorOf, changeAccount, createUser, isSecondPerson, listAccountAlarms, resetPassword } from '../../../src/modules/identity/index.ts';
import { selectAlarms } from '../../../src/platform/alarms.ts';
import { inTransaction, withActor } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { testCtx, testDatabase } from '../../support/database.ts';

let operator: Ctx;
const facts = { displayName: 'Someone', roles: ['attorney'], counties: 'all' as const, partner: null, language: 'en', password: 'correct horse battery' };
const as = async (userId: string, ctx = operator): Promise<Ctx> => withActor(ctx, await actorOf(ctx, userId));
const asks = async (ctx: Ctx, preparedBy: string) => inTransaction(ctx, (tx) => isSecondPerson(tx, preparedBy));
beforeAll(async () => {
  operator = testCtx(await testDatabase(), { kind: 'system', id: 'operator' });
});

it('is somebody else, and nobody who was let in by the first within 30 days, or let the first in', async () => {
  const make = async (userName: string, by: Ctx, roles: string[]) => (await createUser(by, { ...facts, userName, roles })).userId;
  const ada = await make('ada', operator, ['administrator']);
  const old = await make('old', operator, ['supervisor']);
  const made = await make('made', await as(ada), ['supervisor']);
  const county = await make('county', operator, ['administrator']);
  expect(await asks(await as(ada), ada)).toBe(false);
  expect(await asks(await as(made), ada)).toBe(false);
  expect(await asks(await as(ada), made)).toBe(false);
  expect(await asks(await as(old), ada)).toBe(true);
  await resetPassword(await as(county), old);
  expect(await asks(await as(old), county)).toBe(false);
  const later = { ...operator, clock: fixedClock(new Date(operator.clock.now().getTime() + 31 * 86_400_000)) };
  expect(await asks(await as(made, later), ada)).toBe(true);
});

it('is told of to all: whoever is given to lead raises an alarm', async () => {
  const ben = (await createUser(operator, { ...facts, userName: 'ben', roles: ['administrator'] })).userId;
  const clerk = (await createUser(operator, { ...facts, userName: 'clerk' })).userId;
  const alarms = async () => (await inTransaction(operator, (tx) => selectAlarms(tx, true))).filter(({ code, subject }) => code === 'identity.leader_made' && subject === clerk).length;
  await changeAccount(await as(ben), clerk, { ...facts, roles: ['translator'] });
  expect(await alarms()).toBe(0);
  await changeAccount(await as(ben), clerk, { ...facts, roles: ['supervisor'] });
  expect(await alarms()).toBe(1);
  const sue = (await createUser(operator, { ...facts, userName: 'sue', roles: ['supervisor'], counties: ['06025'] })).userId;
  const seen = async (userId: string) => (await listAccountAlarms(await as(userId))).filter((one) => one.userId === clerk);
  const [alarm] = await seen(ben);
  expect([alarm?.userId, alarm?.byName, alarm?.mayAcknowledge]).toEqual([clerk, 'Someone', false]);
  for (const own of [ben, clerk]) await expect(acknowledgeAccountAlarm(await as(own), alarm?.alarmId ?? '')).rejects.toMatchObject({ code: 'identity.alarm_own' });
  expect(await seen(sue)).toMatchObject([{ userId: clerk, mayAcknowledge: true }]);
  const attorney = (await createUser(operator, { ...facts, userName: 'attorney', roles: ['attorney'] })).userId;
  await expect(listAccountAlarms(await as(attorney))).rejects.toMatchObject({ code: 'access.forbidden' });
  for (let at = 0; at < 2; at++) await acknowledgeAccountAlarm(await as(sue), alarm?.alarmId ?? '');
  expect([await alarms(), await seen(ben)]).toEqual([0, []]);
  await expect(acknowledgeAccountAlarm(await as(sue), 'nonsense')).rejects.toMatchObject({ kind: 'not_found', code: 'identity.alarm_unknown' });
});
