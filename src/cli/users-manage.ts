import { LANGUAGES } from '../platform/config.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import type * as identityModule from '../modules/identity/index.ts';
import type { AccountInFull } from '../modules/identity/index.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

type Identity = typeof identityModule;

/** What is done to an account that exists; it is named by the name by which its person signs in. */
export const userManageCommands: readonly Command[] = [
  {
    name: 'users change', args: '<name>', describe: 'identity:cli.change', needs: 'app',
    options: [
      { flags: '--display <text>', describe: 'identity:cli.display' },
      { flags: '--role <role...>', describe: 'identity:cli.role' },
      { flags: '--partner <id>', describe: 'identity:cli.partner' },
      { flags: '--county <fips...>', describe: 'identity:cli.county' },
      { flags: '--all-counties', describe: 'identity:cli.give_all_counties' },
      { flags: '--language <language>', describe: 'identity:cli.language', choices: LANGUAGES },
    ],
    run: act(async (identity, ctx, account, input) => {
      const { options } = input;
      const roles = Array.isArray(options.role) ? options.role : account.roles;
      const { getPartner } = await import('../modules/partners/index.ts');
      if (typeof options.partner === 'string') getPartner(options.partner);
      await identity.changeAccount(ctx, account.userId, {
        displayName: typeof options.display === 'string' ? options.display : account.displayName, roles,
        partner: typeof options.partner === 'string' ? options.partner : roles.includes('partner_officer') ? account.partner : null,
        counties: options.allCounties === true ? 'all' : Array.isArray(options.county) ? options.county : account.counties,
        language: typeof options.language === 'string' ? options.language : account.language,
      });
    }, 'changed'),
  },
  { name: 'users close', args: '<name>', describe: 'identity:cli.close', needs: 'app', run: act((identity, ctx, { userId }) => identity.closeAccount(ctx, userId), 'closed') },
  { name: 'users reopen', args: '<name>', describe: 'identity:cli.reopen', needs: 'app', run: act((identity, ctx, { userId }) => identity.reopenAccount(ctx, userId), 'reopened') },
  { name: 'users sessions end', args: '<name>', describe: 'identity:cli.sessions_end', needs: 'app', run: act((identity, ctx, { userId }) => identity.endAccountSessions(ctx, userId), 'ended') },
  { name: 'users reset', args: '<name>', describe: 'identity:cli.reset', needs: 'app', run: reset },
];

async function accountNamed(identity: Identity, ctx: Ctx, input: Input): Promise<AccountInFull> {
  const name = (input.args[0] ?? '').normalize('NFKC').trim().toLowerCase();
  const { rows: [found] } = await identity.listAccounts(ctx, { userName: name, pageSize: 1 });
  if (!found) throw new AppError('not_found', 'identity.user_unknown');
  return identity.getAccount(ctx, found.userId);
}

function act(work: (identity: Identity, ctx: Ctx, account: AccountInFull, input: Input) => Promise<unknown>, done: string): (io: Io, input: Input, ctx: Ctx) => Promise<ExitCode> {
  return async (io, input, ctx) => {
    const identity = await import('../modules/identity/index.ts');
    const account = await accountNamed(identity, ctx, input);
    await work(identity, ctx, account, input);
    io.say(io.words(`users:done.${done}`));
    await io.json({ userId: account.userId, done });
    return EXIT.done;
  };
}

/** The password goes to standard output, where a person reads it once. */
async function reset(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const identity = await import('../modules/identity/index.ts');
  const { userId } = await accountNamed(identity, ctx, input);
  const made = await identity.resetPassword(ctx, userId);
  io.say(`${io.words('users:start.label')}: ${made.password}`);
  io.say(io.words('users:start.once', { days: identity.START_DAYS }));
  await io.json({ userId, password: made.password, endsAt: made.endsAt.toISOString() });
  return EXIT.done;
}
