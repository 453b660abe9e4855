import { listAuditActions } from '../../../src/modules/audit/index.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';

it.each(LANGUAGES)('every action and every kind of subject of the record has words in %s', (language) => {
  const { actions, subjects } = listAuditActions();
  const keys = [...actions.map((action) => `audit:action.${action.replaceAll('.', '_')}`), ...subjects.map((subject) => `audit:subject.${subject}`)];
  expect(keys.filter((key) => !hasWords(language, key))).toEqual([]);
});
