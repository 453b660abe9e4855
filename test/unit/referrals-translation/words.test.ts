import { interviewDefinition } from '../../../src/modules/referrals/interview/interviews.ts';
import { LANGUAGES } from '../../../src/platform/config.ts';
import { hasWords } from '../../../src/platform/i18n.ts';

interface Field { readonly id: string; readonly kind: string; readonly translated?: boolean; readonly fields?: readonly Field[] }

it('has a name for every text that an interview can give, in every language', () => {
  const sections = interviewDefinition().sections as readonly { readonly id: string; readonly fields: readonly Field[] }[];
  const textsIn = (fields: readonly Field[], at: string): string[] =>
    fields.flatMap(({ id, kind, translated, fields: columns }) => [...(kind === 'long' || translated === true ? [`${at}_${id}`] : []), ...textsIn(columns ?? [], `${at}_${id}`)]);
  const long = sections.flatMap((section) => textsIn(section.fields, `interview_${section.id}`));
  expect(long).toEqual(expect.arrayContaining(['interview_conception_likeness', 'interview_service_papers_title']));
  const unnamed = LANGUAGES.flatMap((language) => ['statement', ...long].filter((id) => !hasWords(language, `translation:source.${id}`)).map((id) => `${language} ${id}`));
  expect(unnamed).toEqual([]);
});
