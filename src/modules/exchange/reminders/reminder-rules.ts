import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, assert } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import type { ReminderRule } from './reminder.rules.ts';

type RuleEntry = ReminderRule | { readonly ruleId: string; readonly isOff: true };

const BUILT_IN = new URL('./reminder-rules.json', import.meta.url);
const FILES_MAX = 100;
let read: { readonly dataDir: string; readonly rules: readonly ReminderRule[] } | null = null;

/**
 * The rules of this installation: those that come with the program, replaced, added to or switched off by
 * `<data directory>/reminders/*.json`. Read once.
 *
 * @throws AppError `exchange.reminder_rules_invalid`, with a finding for every file that cannot be used.
 */
export function reminderRules(dataDir: string): readonly ReminderRule[] {
  if (read?.dataDir !== dataDir) read = { dataDir, rules: readAll(dataDir) };
  return read.rules;
}

function readAll(dataDir: string): readonly ReminderRule[] {
  const findings: Finding[] = [];
  const builtIn = entriesOf(readFileSync(BUILT_IN, 'utf8'), 'reminder-rules.json', findings);
  assert(findings.length === 0, 'reminder-rules.json keeps its schema');
  const rules = new Map(builtIn.map((entry) => [entry.ruleId, entry]));
  const folder = join(dataDir, 'reminders');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort().slice(0, FILES_MAX) : [];
  for (const name of names) {
    for (const entry of entriesOf(readFileSync(join(folder, name), 'utf8'), `reminders/${name}`, findings)) rules.set(entry.ruleId, entry);
  }
  if (findings.length > 0) throw new AppError('invalid', 'exchange.reminder_rules_invalid', { findings });
  return Object.freeze([...rules.values()].filter((entry): entry is ReminderRule => !('isOff' in entry)));
}

function entriesOf(text: string, file: string, findings: Finding[]): readonly RuleEntry[] {
  const data = parsed(text);
  const validate = schemaValidator('reminder-rules.v1');
  if (data !== undefined && validate(data)) return (data as { rules: RuleEntry[] }).rules;
  const [error] = data === undefined ? [] : validate.errors ?? [];
  const found = error ? schemaFinding(error, 'exchange.reminder_rule_field') : { code: 'exchange.reminder_rules_no_json', severity: 'block' as const, path: '' };
  findings.push({ ...found, path: `${file}${found.path ?? ''}` });
  return [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
