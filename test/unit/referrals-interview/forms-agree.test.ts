import { readdirSync, readFileSync } from 'node:fs';
import { interviewDefinition } from '../../../src/modules/referrals/interview/interviews.ts';
import type { InterviewField } from '../../../src/modules/referrals/interview/interview-definition.rules.ts';
import { hasWords } from '../../../src/platform/i18n.ts';

const FORMS = 'src/modules/referrals/documents/forms';
const fieldAt = (path: string): InterviewField | undefined => {
  const [section, field] = path.split('.');
  return interviewDefinition().sections.find((one) => one.id === section)?.fields.find((one) => one.id === field);
};

/** Values in which a form may print an answer of each kind; long ones are narratives. */
const PRINTED: Readonly<Record<InterviewField['kind'], readonly string[]>> = {
  text: ['text', 'jurisdiction'], long: [], date: ['date'], month: ['month'], amount: ['money', 'number'], currency: ['text'], number: ['number', 'text'], yesno: ['yesno', 'text'], choice: ['code'], country: ['country'], list: ['list'],
};

type Columns = Readonly<Record<string, InterviewField>>;

/** Every fault of one part of a form: places that no question fills, and answers printed as something else. */
function faultsIn(part: unknown, columns: Columns): string[] {
  if (typeof part === 'string') return /^(\w+\.)?interview\.\w+\.\w+$/.test(part) && !found(part, columns) ? [part] : [];
  if (typeof part !== 'object' || part === null) return [];
  const { each, as, at, is, in: among, words } = part as Record<string, unknown>;
  const list = typeof each === 'string' ? found(each, columns) : undefined;
  const inner = list && typeof as === 'string' ? { ...columns, ...Object.fromEntries((list.fields ?? []).map((column) => [`${as}.${column.id}`, column])) } : columns;
  const field = typeof at === 'string' ? found(at, columns) : undefined;
  const isTest = 'is' in part || 'in' in part || 'exists' in part || 'moreThan' in part || 'has' in part;
  const unknown = isTest && field?.kind === 'choice' ? [is, ...(Array.isArray(among) ? among as unknown[] : [])].filter((value) => value !== undefined && !field.choices?.includes(String(value))) : [];
  const isMisprinted = field !== undefined && !isTest && !PRINTED[field.kind].includes(typeof as === 'string' ? as : 'text');
  const wordless = field?.kind === 'choice' && as === 'code' ? (field.choices ?? []).filter((choice) => !hasWords('en', `${String(words)}.${choice}`)) : [];
  return [...unknown, ...wordless, ...(isMisprinted ? ['printed'] : [])].map((what) => `${String(at)}: ${String(what)}`).concat(Object.values(part).flatMap((one) => faultsIn(one, inner)));
}

function found(place: string, columns: Columns): InterviewField | undefined {
  const path = /^(?:\w+\.)?interview\.(\w+\.\w+)$/.exec(place)?.[1];
  return path === undefined ? columns[place] : fieldAt(path);
}

const forms = readdirSync(FORMS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

it.each(forms)('%s prints only what the interview asks, each as what it is', (name) => {
  expect(faultsIn(JSON.parse(readFileSync(`${FORMS}/${name}`, 'utf8')), {})).toEqual([]);
});

it('finds what is wrong', () => {
  expect(faultsIn({ at: 'interview.marriage.colour' }, {})).toEqual(['interview.marriage.colour']);
  expect(faultsIn({ at: 'child.interview.conception.from', as: 'month' }, {})).toEqual(['child.interview.conception.from: printed']);
  expect(faultsIn({ at: 'interview.marriage.status', is: 'engaged' }, {})).toEqual(['interview.marriage.status: engaged']);
  expect(faultsIn({ each: 'interview.residence_history.periods', as: 'period', columns: [{ value: { at: 'period.from', as: 'date' } }] }, {})).toEqual(['period.from: printed']);
});
