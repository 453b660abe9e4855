import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { LANGUAGES } from '../platform/config.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import type { NewUser } from '../modules/identity/index.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

const STDIN_BYTES_MAX = 4_096;

export const userCommands: readonly Command[] = [
  {
    name: 'users create',
    describe: 'identity:cli.create',
    needs: 'app',
    options: [
      { flags: '--name <name>', describe: 'identity:cli.name', required: true },
      { flags: '--display <text>', describe: 'identity:cli.display', required: true },
      { flags: '--role <role...>', describe: 'identity:cli.role', required: true },
      { flags: '--partner <id>', describe: 'identity:cli.partner' },
      { flags: '--county <fips...>', describe: 'identity:cli.county' },
      { flags: '--language <language>', describe: 'identity:cli.language', choices: LANGUAGES, fallback: 'en' },
      { flags: '--start', describe: 'identity:cli.start' },
      { flags: '--password-stdin', describe: 'identity:cli.password_stdin' },
    ],
    run: create,
  },
  { name: 'users list', describe: 'identity:cli.list', needs: 'app', run: list },
];

async function create(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { createUser, createUserWithStart } = await import('../modules/identity/index.ts');
  const { getPartner } = await import('../modules/partners/index.ts');
  const partner = typeof input.options.partner === 'string' ? input.options.partner : null;
  // Identity knows no partners; a name that no profile has would make an officer who sees nothing.
  if (partner !== null) getPartner(partner);
  const user: Omit<NewUser, 'password'> = {
    userName: textOption(input, 'name'),
    displayName: textOption(input, 'display'),
    roles: listOption(input, 'role'),
    counties: input.options.county === undefined ? 'all' : listOption(input, 'county'),
    partner,
    language: textOption(input, 'language'),
  };
  if (input.options.start === true) {
    const made = await createUserWithStart(ctx, user);
    io.say(io.words('identity:cli.created', { userId: made.userId }));
    io.say(`${io.words('users:start.label')}: ${made.password}`);
    await io.json({ userId: made.userId, password: made.password, endsAt: made.endsAt.toISOString() });
    return EXIT.done;
  }
  const password = input.options.passwordStdin === true ? await passwordFromStdin() : await askPassword(io);
  const { userId } = await createUser(ctx, { ...user, password });
  io.say(io.words('identity:cli.created', { userId }));
  await io.json({ userId });
  return EXIT.done;
}

async function list(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listUsers } = await import('../modules/identity/index.ts');
  const users = await listUsers(ctx);
  const headings = ['name', 'display', 'role', 'partner', 'county'].map((column) => io.words(`identity:cli.column.${column}`));
  io.table(headings, users.map((user) => [
    user.userName, user.displayName, user.roles.map((role) => io.words(`identity:role.${role}`)).join(', '), user.partner ?? '',
    user.counties === 'all' ? io.words('identity:cli.all_counties') : user.counties.join(', '),
  ]));
  for (const user of users) await io.json(user);
  return EXIT.done;
}

function listOption(input: Input, name: string): string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

/** The first line of standard input: for scripts, where an argument would be seen in the list of processes. */
async function passwordFromStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > STDIN_BYTES_MAX) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/** Asks twice on the terminal, without showing what is typed. */
async function askPassword(io: Io): Promise<string> {
  if (!process.stdin.isTTY) throw new AppError('invalid', 'identity.password_not_given');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const ask = async (key: string) => {
      process.stderr.write(`${io.words(key)} `);
      const answer = await reader.question('');
      process.stderr.write('\n');
      return answer;
    };
    const first = await ask('identity:cli.password');
    const second = await ask('identity:cli.password_again');
    if (first !== second) throw new AppError('invalid', 'identity.passwords_differ');
    return first;
  } finally {
    reader.close();
  }
}
