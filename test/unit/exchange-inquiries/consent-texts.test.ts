import { createHash } from 'node:crypto';
import { consentTexts, currentConsentText } from '../../../src/modules/exchange/index.ts';

/** Whoever agreed to a version agreed to these very words: other words are another version. A digest here changes only until the county has confirmed it. */
const WORDS: Readonly<Record<string, string>> = {
  'partner-own': '2b7f0b64facacc7f',
  '2026-11': 'e776981ddfb4f1f3',
  '2026-11-22': '1ec77481161f44bc',
};

it('the words of a version do not change', () => {
  const now = Object.fromEntries(consentTexts().map(({ version, texts, validDays }) => [version, createHash('sha256').update(JSON.stringify([texts, validDays])).digest('hex').slice(0, 16)]));
  expect(now).toEqual(WORDS);
});

it('what is put before a person is in each language, and no partner\'s own', () => {
  const { version, texts, validDays } = currentConsentText();
  expect([version === 'partner-own', Object.keys(texts).sort()]).toEqual([false, ['en', 'es-MX', 'ko-KR']]);
  for (const text of Object.values(texts)) expect([text.includes(String(validDays)), text.split('{{covers}}').length]).toEqual([true, 2]);
});
