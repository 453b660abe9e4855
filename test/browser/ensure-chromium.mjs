// Finds a Chromium for the browser tests; as root on Debian it installs one. Also a script: prints the path, or says why not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const INSTALL_MS = 300_000;

/** @returns {{ path: string | null, reason: string }} */
export function ensureChromium() {
  const found = PLACES.find((place) => existsSync(place));
  if (found) return { path: found, reason: '' };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { path: null, reason: 'there is no Chromium here; on Debian: apt-get install chromium' };
  }
  const apt = (...words) => spawnSync('apt-get', words, { stdio: 'ignore', timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update');
  // Without a font that has Hangul, Korean pages would be measured with boxes in place of letters.
  const { status } = apt('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
  const installed = PLACES.find((place) => existsSync(place)) ?? null;
  return { path: installed, reason: installed ? '' : `apt-get could not install chromium (status ${status})` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { path, reason } = ensureChromium();
  process.stdout.write(`${path ?? reason}\n`);
  process.exit(path ? 0 : 1);
}
