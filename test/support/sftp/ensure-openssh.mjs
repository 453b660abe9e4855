// Finds OpenSSH's `sftp` and `ssh-keygen` for the tests of the SFTP server; as root on Debian it installs them. Also a script: says where, or why not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const INSTALL_MS = 300_000;
const find = (names) => names.find((name) => existsSync(name)) ?? null;

/** @returns {{ sftp: string | null, keygen: string | null, reason: string }} */
export function ensureOpenssh() {
  const places = () => ({ sftp: find(['/usr/bin/sftp', '/usr/local/bin/sftp']), keygen: find(['/usr/bin/ssh-keygen', '/usr/local/bin/ssh-keygen']) });
  const found = places();
  if (found.sftp && found.keygen) return { ...found, reason: '' };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return { ...found, reason: 'there is no OpenSSH client here; on Debian: apt-get install openssh-client' };
  const apt = (...words) => spawnSync('apt-get', words, { stdio: 'ignore', timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update');
  const { status } = apt('install', '--yes', '--no-install-recommends', 'openssh-client');
  const installed = places();
  return { ...installed, reason: installed.sftp && installed.keygen ? '' : `apt-get could not install openssh-client (status ${status})` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { sftp, reason } = ensureOpenssh();
  process.stdout.write(`${sftp ?? reason}\n`);
  process.exit(sftp ? 0 : 1);
}
