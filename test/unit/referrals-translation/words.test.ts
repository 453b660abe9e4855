import { interviewDefinition } from '../../../src/modules/referrals/interview/interviews.ts';
import { LANGUAGES } from '../../../src/platform/config.ts';
import { hasWords } from '../../../src/platform/i18n.ts';

interface Field { readonly id: string; readonly kind: string }

it('has a name for every text that an interview can give, in every language', () => {
  const sections = interviewDefinition().sections as readonly { readonly id: string; readonly fields: readonly Field[] }[];
  const long = sections.flatMap((section) => section.fields.filter(({ kind }) => kind === 'long').map(({ id }) => `interview_${section.id}_${id}`));
  expect(long.length).toBeGreaterThan(5);
  const unnamed = LANGUAGES.flatMap((language) => ['statement', ...long].filter((id) => !hasWords(language, `translation:source.${id}`)).map((id) => `${language} ${id}`));
  expect(unnamed).toEqual([]);
});
