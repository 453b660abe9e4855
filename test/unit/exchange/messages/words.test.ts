import { readdirSync, readFileSync } from 'node:fs';
import { CSENET_CODES, kindRule, MESSAGE_KINDS } from '../../../../src/modules/exchange/messages/index.ts';
import { hasWords, LANGUAGES } from '../../../../src/platform/i18n.ts';

const FOLDER = new URL('../../../../src/modules/exchange/messages/', import.meta.url);

test('every kind, code, task and finding of messages has words in all languages', () => {
  const source = readdirSync(FOLDER).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(new URL(name, FOLDER), 'utf8')).join('\n');
  const codes = [...new Set([...source.matchAll(/'message\.([a-z_]+)'/g)].map(([, code]) => code ?? ''))].filter((code) => code !== 'invalid');
  expect(codes.length).toBeGreaterThan(50);
  const tasks = [...new Set(MESSAGE_KINDS.flatMap((kind) => kindRule(kind).moves.flatMap(({ task }) => task ?? [])))];
  const keys = [
    ...codes.map((code) => `messages:findings.message_${code}`), ...MESSAGE_KINDS.map((kind) => `exchange:kind.${kind}`), ...[...tasks, 'read_reason', 'read_hop'].map((task) => `exchange:reasons.exchange_task_${task}`),
    ...new Set(MESSAGE_KINDS.map((kind) => `exchange:subject.${kindRule(kind).subject}`)), 'messages:errors.message_invalid',
    ...[...CSENET_CODES].flatMap((code) => { const [name, action, reason] = code.split(' '); return [`messages:function.${name}`, `messages:action.${action}`, `messages:reason.${reason}`]; }),
  ];
  for (const language of LANGUAGES) expect(keys.filter((key) => !hasWords(language, key))).toEqual([]);
});
