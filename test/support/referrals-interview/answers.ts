import type { InterviewField, InterviewSection } from '../../../src/modules/referrals/index.ts';

type Plain = string | boolean;

/** A right answer to a question; every text is `text`, as far as it fits. */
export function aValueOf(field: InterviewField, text = 'something'): Plain {
  switch (field.kind) {
    case 'text': case 'long': return text.slice(0, field.charactersMax);
    case 'date': return '2016-05-04';
    case 'month': return '2016-05';
    case 'amount': return '12';
    case 'currency': return 'MXN';
    case 'number': return String(field.min);
    case 'yesno': return true;
    case 'choice': return field.choices?.[0] ?? '';
    case 'country': return 'MX';
    case 'list': throw new Error('a list has no plain value');
  }
}

/** Right answers to every question of a section. */
export function anAnswerTo(section: InterviewSection, text?: string): Record<string, Plain | Record<string, Plain>[]> {
  return Object.fromEntries(section.fields.map((field) => [field.id,
    field.kind === 'list' ? [Object.fromEntries((field.fields ?? []).map((column) => [column.id, aValueOf(column, text)]))] : aValueOf(field, text)]));
}
