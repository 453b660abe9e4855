import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SETTINGS } from '../../src/platform/config.ts';

const BETWEEN = /(<!-- settings:[^>]*-->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The README with its table of settings made anew from the settings themselves. */
export function withSettingsTable(readme: string): string {
  const rows = SETTINGS.map((setting) => `| \`${setting.name}\` | ${setting.fallback === '' ? '–' : `\`${setting.fallback}\``} | ${setting.purpose} |`);
  return readme.replace(BETWEEN, `$1| name | default | purpose |\n| --- | --- | --- |\n${rows.join('\n')}\n$2`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('README.md', withSettingsTable(readFileSync('README.md', 'utf8')));
