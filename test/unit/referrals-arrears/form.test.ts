import { arrearsStatements, interestRules } from '../../../src/modules/referrals/arrears/index.ts';
import type { ArrearsInput } from '../../../src/modules/referrals/arrears/index.ts';
import { textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import type { Block } from '../../../src/modules/referrals/documents/document.rules.ts';
import { formBlocks } from '../../../src/modules/referrals/documents/form-blocks.rules.ts';
import { formLibrary } from '../../../src/modules/referrals/documents/form-library.ts';
import type { FormDefinition } from '../../../src/modules/referrals/documents/form.rules.ts';
import { holds } from '../../../src/modules/referrals/documents/form-scope.rules.ts';
import { packetWords } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { anOrder, charge, payment } from './builders.ts';

const library = formLibrary();
const form = library.forms.get('arrears_statement') as FormDefinition;
const person = (role: string, given: string) => ({ participantId: role, role, isProtected: false, given, family: 'León', secondFamily: null, native: null, aliases: [] });

function printed(language: string, input: Partial<ArrearsInput>): { blocks: readonly Block[]; texts: readonly string[]; missing: readonly string[]; isPrinted: boolean } {
  const { statements } = arrearsStatements({ history: [charge('2025-01-01', '1000.00'), payment('2025-02-10', '1234.56')], orders: [anOrder()], asOf: '2025-03-31', ...input }, interestRules());
  const scope = {
    case: { caseId: 'IM-0040123', orders: [] }, arrears: statements, agency: { names: { en: 'Imperial County' } }, obligors: [person('obligor', 'Genaro')], obligees: [person('obligee', 'María')], number: 1,
  };
  const words = packetWords(language);
  const blocks = formBlocks(form.blocks, scope, { words, parts: library.parts });
  return { blocks, texts: textsOf(blocks), missing: [...words.missing], isPrinted: form.when === undefined || holds(scope, form.when) };
}

describe.each(['es-MX', 'ko-KR'])('the statement of arrears beside %s', (language) => {
  it('has every word in both languages, with interest and without', () => {
    expect(printed(language, {}).missing).toEqual([]);
    expect(printed(language, { enforcedBy: 'others' }).missing).toEqual([]);
    expect(printed(language, { orders: [] }).missing).toEqual([]);
    expect(printed(language, { history: [charge('2025-01-01', '100.00')] }).missing).toEqual([]);
  });

  it('prints a line for each month and the totals of every column', () => {
    const grid = printed(language, { asOf: '2029-12-31' }).blocks.find((block): block is Extract<Block, { kind: 'grid' }> => block.kind === 'grid');
    expect(grid?.columns).toHaveLength(10);
    expect(grid?.rows).toHaveLength(61);
    // February: 1,000 × 10 % × 9 / 365 = 2.47 to the 9th; 1,234.56 pay 1,000.00 and 2.47, and 232.09 are in advance
    expect(grid?.rows.at(-1)?.slice(1).map((cell) => cell[0]?.text)).toEqual(['1,000.00', '0.00', '1,234.56', '0.00', '1,232.09', '2.47', '-232.09', '2.47', '0.00']);
  });

  it('names the law, or says that no interest is computed', () => {
    expect(printed(language, {}).texts.filter((text) => text.includes('17433.5'))).toHaveLength(2);
    expect(printed(language, { orders: [] }).texts.join(' ')).toContain('No interest is computed');
  });

  it('is left out where there is nothing to state', () => {
    expect(printed(language, { history: [] }).isPrinted).toBe(false);
    expect(printed(language, {}).isPrinted).toBe(true);
  });
});

it('says what is owed, or that nothing is', () => {
  expect(printed('es-MX', {}).texts).toContain('At the end of March 31, 2025 nothing is owed in USD.');
  expect(printed('es-MX', { history: [charge('2025-01-01', '1000.00')] }).texts).toContain('At the end of March 31, 2025 the following is owed: principal USD 1,000.00 and interest USD 16.16, in all USD 1,016.16 (one thousand sixteen and 16/100 United States dollars).');
});
