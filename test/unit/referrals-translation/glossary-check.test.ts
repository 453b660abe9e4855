import { glossaryFindings, termsIn } from '../../../src/modules/referrals/translation/glossary-check.rules.ts';
import { lawTerms } from '../../../src/modules/referrals/translation/law-terms.ts';

function check(source: string, target: string, to = 'es-MX', from = 'en'): string[] {
  const { terms, friends } = lawTerms(from, to);
  return glossaryFindings(source, target, terms, friends, '/here').map(({ code, params }) => `${code} ${params?.['term'] ?? params?.['word'] ?? ''}`);
}

it('accepts the Mexican and the federal wording, in any gender and number', () => {
  const source = 'The obligor owes arrears under the support order.';
  expect(check(source, 'La deudora alimentaria debe pensiones vencidas conforme a la resolución de alimentos.')).toEqual([]);
  expect(check(source, 'La persona obligada al pago debe atrasos conforme a la orden de sustento.')).toEqual([]);
});

it('names the term whose wording is not there, with both wordings', () => {
  const { terms, friends } = lawTerms('en', 'es-MX');
  const [finding] = glossaryFindings('The obligor left.', 'El papá se fue.', terms, friends, '/here');
  expect(finding).toEqual({ code: 'translation.term_missing', severity: 'warn', path: '/here', params: { term: 'obligor', expected: 'deudor alimentario / persona obligada al pago' } });
});

it('works into Korean and out of it', () => {
  expect(check('The obligor owes arrears.', '양육비 채무자에게 미지급 양육비가 있습니다.', 'ko-KR')).toEqual([]);
  expect(check('The obligor owes arrears.', '그에게 과거 양육비가 있습니다.', 'ko-KR')).toEqual(['translation.term_missing obligor', 'translation.term_missing arrears', 'translation.false_friend 과거 양육비']);
  expect(check('양육비 채무자는 떠났습니다.', 'The obligor has left.', 'en', 'ko-KR')).toEqual([]);
});

it.each([
  ['She signed before a notary public.', 'Firmó ante un notario.', 'notario'],
  ['The partner agency answered.', 'La contraparte contestó.', 'contraparte'],
  ['He pays biweekly.', 'Paga de forma quincenal.', 'quincenal'],
  ['This needs a reconciliation of payments.', 'Esto requiere una conciliación.', 'conciliación'],
])('warns of false friends: %s', (source, target, word) => {
  expect(check(source, target)).toContain(`translation.false_friend ${word}`);
});

it('is content with the right word, and says nothing of a sentence that is not translated', () => {
  expect(check('The partner agency answered.', 'La institución contraparte contestó.')).not.toContain('translation.false_friend contraparte');
  expect(check('The obligor left.', '  ')).toEqual([]);
  expect(lawTerms('en', 'de-DE')).toEqual({ terms: [], friends: [] });
});

it('takes the longer of two terms that overlap, and only whole words', () => {
  const terms = [{ id: 'a', source: 'support order', targets: [], wordings: [], standing: 'common' as const }, { id: 'b', source: 'spousal support order', targets: [], wordings: [], standing: 'common' as const }, { id: 'c', source: 'arrears', targets: [], wordings: [], standing: 'common' as const }];
  expect(termsIn('Two Spousal Support Orders, no arrearsage.', terms).map(({ id }) => id)).toEqual(['b']);
});
