import type { FileDialect } from '../../../partners/index.ts';
import type { PaymentLine } from './payment-line.rules.ts';

/** Whether a partner's list is another partner's, by the forms of its folios and transfer numbers that profiles name. */

export interface OtherSender {
  partnerId: string;
  dialect: FileDialect;
}

interface Evidence {
  hint: 'referenceHint' | 'transferHint';
  valueOf(line: PaymentLine): string | null;
}

const EVIDENCE: readonly Evidence[] = [
  { hint: 'referenceHint', valueOf: (line) => line.reference },
  { hint: 'transferHint', valueOf: (line) => line.transferReference },
];

/**
 * The partner whose list this is by its look: most lines carry folios or transfer numbers of its form, and not one carries any of the
 * form of the partner for whom it is imported. Only a partner whose own form is known can be contradicted, and a number without a
 * letter says nothing: many offices number by year and digits.
 */
export function otherSenderOf(lines: readonly PaymentLine[], own: FileDialect, others: readonly OtherSender[]): string | null {
  const told = EVIDENCE.filter(({ hint }) => own[hint] !== undefined);
  const isOwn = told.map(({ hint, valueOf }) => [new RegExp(own[hint] as string, 'i'), valueOf] as const);
  if (lines.some((line) => isOwn.some(([form, valueOf]) => form.test(valueOf(line) ?? '')))) return null;
  for (const { partnerId, dialect } of others) {
    for (const { hint, valueOf } of told) {
      const pattern = dialect[hint];
      if (pattern === undefined) continue;
      const form = new RegExp(pattern, 'i');
      const alike = lines.filter((line) => isTelling(valueOf(line), form)).length;
      if (alike * 2 > lines.length) return partnerId;
    }
  }
  return null;
}

function isTelling(value: string | null, form: RegExp): boolean {
  return value !== null && /\p{L}/u.test(value) && form.test(value);
}
