import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPartners } from '../../../src/modules/partners/index.ts';

/** The profile of a built-in partner with other channels, as an operator would lay it down in the data directory. */
export function withChannels(dataDir: string, partnerId: string, channels: readonly Record<string, unknown>[]): void {
  const profile = JSON.parse(readFileSync(new URL(`../../../src/modules/partners/profiles/${partnerId}.json`, import.meta.url), 'utf8')) as { channels: { value: unknown } };
  profile.channels.value = channels;
  mkdirSync(join(dataDir, 'partners'), { recursive: true });
  writeFileSync(join(dataDir, 'partners', `${partnerId}.json`), JSON.stringify(profile));
  loadPartners(dataDir);
}
