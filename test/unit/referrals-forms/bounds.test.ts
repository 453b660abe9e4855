import { formBlocks } from '../../../src/modules/referrals/documents/form-blocks.rules.ts';
import type { FormBlock } from '../../../src/modules/referrals/documents/form.rules.ts';
import { packetWords } from '../../../src/modules/referrals/packets/compose-packet.ts';

const words = packetWords('es-MX');
const use = (part: string, times: number): FormBlock[] => Array.from({ length: times }, () => ({ kind: 'use', part }));

it('refuses parts that use themselves, are not there, or grow beyond any document', () => {
  const parts = new Map<string, FormBlock[]>([['self', use('self', 1)], ...Array.from({ length: 7 }, (_, index): [string, FormBlock[]] => [`p${index}`, index === 6 ? [{ kind: 'turn' }] : use(`p${index + 1}`, 9)])]);
  const set = (part: string) => (): unknown => formBlocks(use(part, 1), {}, { words, parts });
  expect(set('self')).toThrow('fault: a form uses the part self');
  expect(set('none')).toThrow('fault: a form uses the part none');
  expect(set('p0')).toThrow('fault: a form has more than');
  expect(set('p5')()).toHaveLength(9);
});

it('looks places up in what a form may see, and never in what every object has', () => {
  const at = (place: string) => (): unknown => formBlocks([{ kind: 'text', words: 'packet:header.packet', params: { x: place } }], { case: { caseId: '1' } }, { words, parts: new Map() });
  expect(at('constructor.name')).toThrow('unknown place');
  expect(at('__proto__.x')).toThrow('unknown place');
  expect(at('case.constructor.name')).not.toThrow();
  expect(JSON.stringify(formBlocks([{ kind: 'fields', rows: [{ label: 'packet:label.number', value: 'case.constructor' }] }], { case: { caseId: '1' } }, { words, parts: new Map() }))).toContain('Not stated');
});
