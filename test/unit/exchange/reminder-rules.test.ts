import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reminderRules } from '../../../src/modules/exchange/reminders/reminder-rules.ts';
import { dueWork, horizon } from '../../../src/modules/exchange/reminders/reminder.rules.ts';
import type { EarlierReminder, ReminderRule } from '../../../src/modules/exchange/reminders/reminder.rules.ts';
import { listClocks } from '../../../src/modules/referrals/index.ts';
import { LANGUAGES, hasWords } from '../../../src/platform/i18n.ts';

const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'puente-reminders-'));
const builtIn = reminderRules(newDataDir());
const ruleOf = (ruleId: string): ReminderRule => builtIn.find((rule) => rule.ruleId === ruleId) as ReminderRule;
const earlier = (given: Partial<EarlierReminder>): EarlierReminder => ({ position: 1, isEscalation: false, state: 'sent', createdOn: '2026-11-02', ...given });
const late = ruleOf('acknowledgment_overdue');
const due = { dueOn: '2026-11-01' };

describe('the rules that come with the program', () => {
  it('name clocks that there are, and have words in three languages', () => {
    const clocks = listClocks().map(({ clock }) => clock);
    for (const { ruleId, trigger, draft } of builtIn) {
      if (trigger.on === 'clock') expect(clocks).toContain(trigger.clock);
      for (const language of LANGUAGES) {
        expect([ruleId, language, hasWords(language, `reminders:rule.${ruleId}`)]).toEqual([ruleId, language, true]);
        if (draft) expect([ruleId, language, hasWords(language, `reminders:text.${ruleId}`)]).toEqual([ruleId, language, true]);
      }
    }
  });

  it('let nothing leave by itself: that is for an office to decide', () => {
    expect(builtIn.filter(({ send }) => send === 'by_rule')).toEqual([]);
  });
});

describe('what is due', () => {
  it('is the first reminder on the day after the day that counts', () => {
    expect(horizon({ on: 'clock', clock: 'hague.acknowledge', when: 'overdue' }, '2026-11-02')).toBe('2026-11-01');
    expect(dueWork(late, due, [], '2026-11-02')).toEqual({ draft: 1, escalate: false });
  });

  it('is no second draft while the first waits for a person, however long', () => {
    expect(dueWork(late, due, [earlier({ state: 'drafted' })], '2026-11-29').draft).toBeNull();
  });

  it('is the next one after the pause of the rule, counted from the last, sent or dropped', () => {
    expect(dueWork(late, due, [earlier({})], '2026-11-15').draft).toBeNull();
    expect(dueWork(late, due, [earlier({})], '2026-11-16').draft).toBe(2);
    expect(dueWork(late, due, [earlier({ state: 'dropped' })], '2026-11-16').draft).toBe(2);
    expect(dueWork(late, due, [earlier({}), earlier({ position: 2, createdOn: '2026-11-16' })], '2026-11-16').draft).toBeNull();
  });

  it('ends with the last reminder of the rule', () => {
    const three = [1, 2, 3].map((position) => earlier({ position }));
    expect(dueWork(late, due, three, '2027-11-16').draft).toBeNull();
  });

  it('goes to the supervisor once, when the days of the rule are over', () => {
    expect(dueWork(late, due, [earlier({ state: 'drafted' })], '2026-12-01').escalate).toBe(false);
    expect(dueWork(late, due, [earlier({ state: 'drafted' })], '2026-12-02').escalate).toBe(true);
    expect(dueWork(late, due, [earlier({ isEscalation: true, position: 0, state: 'ended' })], '2027-12-02').escalate).toBe(false);
  });

  it('of a rule without a draft is the supervisor alone', () => {
    expect(dueWork(ruleOf('own_answer_overdue'), due, [], '2026-11-02')).toEqual({ draft: null, escalate: true });
  });
});

describe('rules of an office', () => {
  const withFile = (text: string): string => {
    const dataDir = newDataDir();
    mkdirSync(join(dataDir, 'reminders'));
    writeFileSync(join(dataDir, 'reminders', 'own.json'), text);
    return dataDir;
  };

  it('replace, add and switch off', () => {
    const own = { ...late, ruleId: 'own_rule', send: 'by_rule' };
    const rules = reminderRules(withFile(JSON.stringify({ rulesVersion: '1', rules: [{ ruleId: 'status_overdue', isOff: true }, { ...late, repeatDays: 7 }, own] })));
    expect(rules.find(({ ruleId }) => ruleId === 'status_overdue')).toBeUndefined();
    expect(rules.find(({ ruleId }) => ruleId === 'acknowledgment_overdue')?.repeatDays).toBe(7);
    expect(rules.find(({ ruleId }) => ruleId === 'own_rule')?.send).toBe('by_rule');
    expect(rules).toHaveLength(builtIn.length);
  });

  it('that cannot be used are refused with file, place and what was expected', () => {
    const { send: _send, ...without } = late;
    const findings = [['{', ''], [JSON.stringify({ rulesVersion: '1', rules: [without] }), '/rules/0']].map(([text = '']) => {
      try {
        reminderRules(withFile(text));
        return null;
      } catch (error) {
        return (error as { code: string; findings: { code: string; path: string }[] });
      }
    });
    expect(findings.map((one) => one?.code)).toEqual(['exchange.reminder_rules_invalid', 'exchange.reminder_rules_invalid']);
    expect(findings[0]?.findings[0]).toMatchObject({ code: 'exchange.reminder_rules_no_json', path: 'reminders/own.json' });
    expect(findings[1]?.findings[0]?.path).toMatch(/^reminders\/own\.json\/rules\/0/);
  });
});
