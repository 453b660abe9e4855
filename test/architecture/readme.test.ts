import { readFileSync } from 'node:fs';
import { COMMANDS } from '../../src/cli/commands.ts';
import { hasWords, LANGUAGES } from '../../src/platform/i18n.ts';
import { withSettingsTable } from '../support/settings-table.ts';

it('the README tells the settings that there are (npm run settings)', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(withSettingsTable(readme)).toBe(readme);
});

it.each(LANGUAGES)('every command and option is described in %s', (language) => {
  const keys = COMMANDS.flatMap((command) => [command.describe, ...(command.options ?? []).map((option) => option.describe),
    ...(command.name.includes(' ') ? [`cli:group.${command.name.split(' ')[0]}`] : [])]);
  expect(keys.filter((key) => !hasWords(language, key))).toEqual([]);
});

it('has every command of the contract', () => {
  const names = COMMANDS.map((command) => command.name);
  expect(names).toEqual(expect.arrayContaining(['demo', 'serve', 'migrate', 'cases import', 'disbursements import', 'referrals create', 'packets build', 'packets verify',
    'payments import', 'bank import', 'bank credits', 'reconcile', 'postings export', 'postings acknowledge', 'ledger check', 'ledger statement', 'audit verify', 'clocks due']));
});
