import { ACCOUNT_SORTS, createUserWithStart, listAccounts, START_DAYS, submitOnce, USER_ROLES } from '../../../modules/identity/index.ts';
import type { Account, StartPassword } from '../../../modules/identity/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { newFormId } from '../../form-id.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { choicesOf, enteredBy, factsOf, faultsOf, NOTHING, placeFaults } from './account-form.ts';
import type { Entered, Fault } from './account-form.ts';
import { scopeOf, stateOf } from './account-words.ts';

const PAGE_SIZE = 25;
const CSV_PAGE = 200;

const list: Handler = async (visit) => {
  const { ctx, t, format } = visit;
  const sort = sortOf(visit, ACCOUNT_SORTS, { by: 'name', isDescending: false });
  const filter = { text: queryText(visit, 'search', 128), role: queryText(visit, 'role', 30), state: queryText(visit, 'state', 10) };
  const query = {
    sort, ...(filter.text === '' ? {} : { text: filter.text }), ...((USER_ROLES as readonly string[]).includes(filter.role) ? { role: filter.role } : {}),
    ...(['open', 'closed'].includes(filter.state) ? { isActive: filter.state === 'open' } : {}),
  };
  const heads = [t('users:list.person'), t('users:list.name'), t('users:list.roles'), t('users:list.sees'), t('users:list.seen'), t('users:list.failures'), t('users:list.state')];
  if (wantsCsv(visit)) return csvOf(visit, 'users', heads, csvLines(visit, query));
  const page = queryPage(visit);
  const { rows, total, hasNext } = await listAccounts(ctx, { ...query, page, pageSize: PAGE_SIZE });
  const sorts = ['person', 'name', undefined, undefined, 'seen', 'failures', undefined] as const;
  return view('administrator/users', {
    filter, roleChoices: USER_ROLES, mayManage: isAllowed(ctx, 'users.manage'), total, csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext),
    heads: headsOf(visit, heads.map((label, at) => ({ label, isNumber: at === 5, ...(sorts[at] === undefined ? {} : { sort: sorts[at] }) })), sort),
    accounts: rows.map((account) => ({
      ...account, sees: scopeOf(account, visit), state: stateOf(account, ctx.clock.now()), seen: account.lastSignedInAt === null ? t('users:list.never') : format.instant(account.lastSignedInAt),
    })),
  });
};

async function* csvLines(visit: Visit, query: Parameters<typeof listAccounts>[1]): AsyncGenerator<string[]> {
  const { ctx, t } = visit;
  for await (const one of allPages<Account>((page) => listAccounts(ctx, { ...query, page, pageSize: CSV_PAGE }))) {
    yield [one.displayName, one.userName, one.roles.map((role) => t(`identity:role.${role}`)).join(', '), one.partner === null ? scopeOf(one, visit) : partnerNameOf(one.partner, visit),
      one.lastSignedInAt?.toISOString() ?? '', String(one.failures), t(`users:state.${stateOf(one, ctx.clock.now())}`)];
  }
}

interface Shown {
  readonly entered?: Entered;
  readonly faults?: readonly Fault[];
  readonly made?: StartPassword;
}

function form(visit: Visit, { entered = NOTHING, faults = [], made }: Shown = {}, status = 200): Reply {
  return view('administrator/users/new', {
    ...choicesOf(visit), entered, faults, formId: newFormId(), made: made === undefined ? null : { ...made, ends: visit.format.instant(made.endsAt) }, startDays: START_DAYS,
  }, status);
}

/** The password is shown in the answer to the form and never stored: sent again, the form only leads to the account. */
const create: Handler = async (visit) => {
  const entered = enteredBy(visit);
  const unknown = placeFaults(visit, entered);
  if (unknown.length > 0) return form(visit, { entered, faults: unknown }, 422);
  let made: StartPassword | undefined;
  try {
    const userId = await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
      made = await createUserWithStart(tx, { ...factsOf(entered), userName: entered.userName });
      return made.userId;
    });
    return made ? form(visit, { entered, made }) : redirect(`/users/${userId}?done=made`);
  } catch (error) {
    return form(visit, { entered, faults: faultsOf(error, visit) }, 422);
  }
};

/** Everybody with an account. */
export const usersPages: readonly Page[] = [
  { path: '/users', access: 'users.view', get: list },
  { path: '/users/new', access: 'users.manage', get: async (visit) => form(visit), post: create },
];
