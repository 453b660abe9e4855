import { namesOnce, stacked, textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import type { Block, Pair } from '../../../src/modules/referrals/documents/document.rules.ts';
import { fullName } from '../../../src/modules/referrals/documents/party-words.rules.ts';
import { packetJob, packetWords } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { tribunalNames } from '../../../src/modules/referrals/packets/offices.ts';
import { aFullModel } from '../../support/referrals/full-packet.ts';

const SEAL = { packetId: 'pkt_01K0000000000000000000000B', datedOn: '2026-11-20' };
const blocksOf = (country: 'MX' | 'KR', services: readonly string[]): readonly Block[] => (packetJob(aFullModel(country, services), SEAL).job.data as { blocks: readonly Block[] }).blocks;
const child = (given: string, native: string | null) => ({ given, family: 'Kim', secondFamily: null, native });
const linesOf = (pair: Pair): string[] => namesOnce(pair).map(({ text }) => text);

it('names each of several persons once in a cell: in the own script with Latin letters in brackets, and says who is withheld in both languages', () => {
  const words = packetWords('ko-KR');
  const children = [child('Un U', '김은우'), child('Chan-woo', '김찬우')].map((one) => fullName(one, words));
  expect(linesOf(stacked(children))).toEqual(['김은우 (Un U Kim)', '김찬우 (Chan-woo Kim)']);
  expect(linesOf(stacked([...children, words.pair('packet:value.withheld')]))).toHaveLength(4);
  expect(linesOf(fullName(child('Ana', null), packetWords('es-MX')))).toEqual(['Ana Kim']);
});

it('knows a county’s own court in every language however it is spaced, and no other', () => {
  expect(tribunalNames('superior court of  California, county of los angeles')).toMatchObject({ 'es-MX': 'Tribunal Superior de California, Condado de Los Ángeles', 'ko-KR': '캘리포니아주 로스앤젤레스 카운티 상급법원' });
  expect(tribunalNames('Family Court of Elsewhere')).toEqual({ en: 'Family Court of Elsewhere' });
  expect(tribunalNames(null)).toBeNull();
});

it.each([['MX', 'Tribunal Superior de California, Condado de Los Ángeles'], ['KR', '캘리포니아주 로스앤젤레스 카운티 상급법원']] as const)('prints the court as the partner calls it with its English name below: %s', (country, name) => {
  const rows = blocksOf(country, ['register_enforce']).flatMap((block) => (block.kind === 'fields' ? block.rows : []));
  const courts = rows.filter((row) => row.value.right.some(({ text }) => text === name));
  expect(courts.length).toBeGreaterThan(0);
  for (const { value } of courts) expect([value.left.map(({ text }) => text), value.right.map(({ text }) => text)]).toEqual([['Superior Court of California, County of Los Angeles'], [name, 'Superior Court of California, County of Los Angeles']]);
});

it('asks in the order of the services and not of their codes, and begins kinds of paper with a capital', () => {
  const texts = textsOf(blocksOf('MX', ['close', 'locate', 'status']));
  const at = (start: string): number => texts.findIndex((text) => text.startsWith(start));
  expect(at('(a) to locate')).toBeGreaterThan(-1);
  expect(at('(c) to close')).toBeGreaterThan(at('(a) to locate'));
  const cells = blocksOf('MX', ['enforce']).flatMap((block) => (block.kind === 'grid' ? block.rows.flat(2) : [])).map(({ text }) => text);
  expect(cells.some((text) => text.startsWith('Copia certificada'))).toBe(true);
  expect(cells.filter((text) => text.startsWith('copia certificada'))).toEqual([]);
});
