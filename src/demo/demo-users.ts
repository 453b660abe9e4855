import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../cli/command.ts';
import { createUser, listUsers } from '../modules/identity/index.ts';
import type { Ctx } from '../platform/context.ts';

interface DemoUser {
  userName: string;
  displayName: string;
  role: string;
  partner: string | null;
  language: string;
}

const USERS: readonly DemoUser[] = [
  { userName: 'attorney', displayName: 'Alex Rivera', role: 'attorney', partner: null, language: 'en' },
  { userName: 'translator', displayName: 'Inés Duarte', role: 'translator', partner: null, language: 'es-MX' },
  { userName: 'reconciler', displayName: 'Sam Okafor', role: 'reconciler', partner: null, language: 'en' },
  { userName: 'consulate', displayName: 'Mariana Solís Prado', role: 'partner_officer', partner: 'mx-consulate-los-angeles', language: 'es-MX' },
  { userName: 'kcsa', displayName: '한지우', role: 'partner_officer', partner: 'kr-kcsa', language: 'ko-KR' },
  { userName: 'supervisor', displayName: 'Dana Whitfield', role: 'supervisor', partner: null, language: 'en' },
  { userName: 'administrator', displayName: 'Robin Castellanos', role: 'administrator', partner: null, language: 'en' },
];

/**
 * Makes the demo accounts with one password of this data directory's own, which no other installation shares, and prints
 * how to sign in. The password stays in a file that only its owner reads, so that a second run prints the same.
 */
export async function demoUsers(ctx: Ctx, io: Io): Promise<void> {
  const path = join(ctx.config.dataDir, 'demo', 'password');
  if (!existsSync(path)) writeFileSync(path, randomBytes(12).toString('base64url'), { mode: 0o600, flag: 'wx' });
  const password = readFileSync(path, 'utf8');
  const known = new Set((await listUsers(ctx)).map((user) => user.userName));
  for (const user of USERS) {
    if (known.has(user.userName)) continue;
    await createUser(ctx, { ...user, roles: [user.role], counties: 'all', password });
  }
  io.say('');
  io.table([io.words('demo:column.sign_in'), io.words('demo:column.password'), io.words('demo:column.role')],
    USERS.map((user) => [user.userName, password, io.words(`identity:role.${user.role}`)]));
}
