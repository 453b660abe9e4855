import { readFile } from 'node:fs/promises';
import { AppError } from '../platform/errors.ts';
import type { Ctx } from '../platform/context.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io, Option } from './command.ts';

const KEY_FILE_BYTES_MAX = 16 * 1024;

const PARTNER: Option = { flags: '--partner <id>', describe: 'clients:cli.partner', required: true };
const NAME: Option = { flags: '--name <text>', describe: 'clients:cli.name', required: true };
const NETWORK: Option = { flags: '--network <cidr...>', describe: 'clients:cli.network' };
const DAYS: Option = { flags: '--days <number>', describe: 'clients:cli.days', fallback: '90' };

/** Who of the partners' programs comes in: clients of the API, and public keys for SFTP. */
export const clientCommands: readonly Command[] = [
  {
    name: 'clients create', describe: 'clients:cli.create', needs: 'app',
    options: [PARTNER, NAME, { flags: '--scope <scope...>', describe: 'clients:cli.scope', required: true }, NETWORK, { flags: '--rate <number>', describe: 'clients:cli.rate', fallback: '120' }, DAYS],
    run: create,
  },
  { name: 'clients list', describe: 'clients:cli.list', needs: 'app', run: list },
  {
    name: 'clients rotate', args: '<client>', describe: 'clients:cli.rotate', needs: 'app',
    options: [DAYS, { flags: '--overlap-hours <number>', describe: 'clients:cli.overlap', fallback: '24' }],
    run: rotate,
  },
  { name: 'clients revoke', args: '<client>', describe: 'clients:cli.revoke', needs: 'app', run: revoke },
  { name: 'clients keys add', args: '<file>', describe: 'clients:cli.keys_add', needs: 'app', options: [PARTNER, NAME, NETWORK, DAYS], run: addKey },
  { name: 'clients keys list', describe: 'clients:cli.keys_list', needs: 'app', run: listKeys },
  { name: 'clients keys revoke', args: '<key>', describe: 'clients:cli.keys_revoke', needs: 'app', run: revokeKey },
];

async function create(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { createClient } = await import('../modules/identity/index.ts');
  const shown = await createClient(ctx, {
    partnerId: await knownPartner(input), name: textOption(input, 'name'), scopes: listOption(input, 'scope'), networks: listOption(input, 'network'),
    requestsPerMinute: numberOption(input, 'rate'), days: numberOption(input, 'days'),
  });
  await showSecret(io, shown);
  return EXIT.done;
}

async function rotate(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { rotateClient } = await import('../modules/identity/index.ts');
  await showSecret(io, await rotateClient(ctx, input.args[0] as string, { days: numberOption(input, 'days'), overlapHours: numberOption(input, 'overlapHours') }));
  return EXIT.done;
}

async function showSecret(io: Io, shown: { readonly clientId: string; readonly secret: string; readonly expiresAt: Date }): Promise<void> {
  io.say(io.words('clients:cli.created', { clientId: shown.clientId, expires: dayOf(shown.expiresAt) }));
  if (!io.wantsJson) {
    io.say(io.words('clients:cli.secret_once'));
    io.say(shown.secret);
  }
  await io.json(shown);
}

async function list(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { clientState, listClients } = await import('../modules/identity/index.ts');
  const clients = await listClients(ctx);
  const state = (client: (typeof clients)[number]): string => clientState(client, ctx.clock.now());
  io.table(headings(io, ['id', 'partner', 'name', 'scopes', 'networks', 'state', 'expires', 'used']), clients.map((client) => [
    client.clientId, client.partnerId, client.name, client.scopes.join(' '), networksOf(io, client.networks), io.words(`clients:state.${state(client)}`), dayOf(client.expiresAt),
    client.lastUsedAt ? dayOf(client.lastUsedAt) : io.words('clients:cli.never'),
  ]));
  for (const client of clients) await io.json({ ...client, state: state(client) });
  return EXIT.done;
}

async function revoke(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { revokeClient } = await import('../modules/identity/index.ts');
  const id = input.args[0] as string;
  await revokeClient(ctx, id);
  return told(io, id);
}

async function addKey(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { addPartnerKey } = await import('../modules/identity/index.ts');
  const publicKey = await readKeyFile(input.args[0] as string);
  const added = await addPartnerKey(ctx, {
    partnerId: await knownPartner(input), name: textOption(input, 'name'), publicKey, networks: listOption(input, 'network'), days: numberOption(input, 'days'),
  });
  io.say(io.words('clients:cli.key_added', { keyId: added.keyId, fingerprint: added.fingerprint, expires: dayOf(added.expiresAt) }));
  await io.json(added);
  return EXIT.done;
}

async function listKeys(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { clientState, listPartnerKeys } = await import('../modules/identity/index.ts');
  const keys = await listPartnerKeys(ctx);
  const state = (key: (typeof keys)[number]): string => clientState(key, ctx.clock.now());
  io.table(headings(io, ['id', 'partner', 'name', 'fingerprint', 'networks', 'state', 'expires', 'used']), keys.map((key) => [
    key.keyId, key.partnerId, key.name, key.fingerprint, networksOf(io, key.networks), io.words(`clients:state.${state(key)}`), dayOf(key.expiresAt),
    key.lastUsedAt ? dayOf(key.lastUsedAt) : io.words('clients:cli.never'),
  ]));
  for (const key of keys) await io.json({ ...key, state: state(key) });
  return EXIT.done;
}

async function revokeKey(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { revokePartnerKey } = await import('../modules/identity/index.ts');
  const id = input.args[0] as string;
  await revokePartnerKey(ctx, id);
  return told(io, id);
}

async function told(io: Io, id: string): Promise<ExitCode> {
  io.say(io.words('clients:cli.revoked', { id }));
  await io.json({ id, revoked: true });
  return EXIT.done;
}

/** Identity knows no partners; a name that no profile has would let in somebody who sees nothing. */
async function knownPartner(input: Input): Promise<string> {
  const { getPartner } = await import('../modules/partners/index.ts');
  return getPartner(textOption(input, 'partner')).partnerId;
}

async function readKeyFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('invalid', 'client.key_unreadable', { cause });
  });
  if (bytes.length > KEY_FILE_BYTES_MAX) throw new AppError('invalid', 'client.key_unreadable');
  return bytes.toString('utf8');
}

const headings = (io: Io, columns: readonly string[]): string[] => columns.map((column) => io.words(`clients:cli.column.${column}`));
const networksOf = (io: Io, networks: readonly string[]): string => (networks.length === 0 ? io.words('clients:cli.anywhere') : networks.join(' '));
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

function listOption(input: Input, name: string): string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

/** What is no whole number becomes one that no rule takes, and is refused with its field. */
const numberOption = (input: Input, name: string): number => (/^\d{1,6}$/.test(textOption(input, name)) ? Number(textOption(input, name)) : Number.NaN);
