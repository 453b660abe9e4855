import { getPartner } from '../../../src/modules/partners/index.ts';
import type { FileDialect } from '../../../src/modules/partners/index.ts';
import type { PaymentLine } from '../../../src/modules/payments/formats/tables/payment-line.rules.ts';
import { otherSenderOf } from '../../../src/modules/payments/formats/tables/sender.rules.ts';
import { REMITTANCE, read, remittanceLine } from './partner-files.ts';

const ids = ['mx-consulate-los-angeles', 'mx-consulate-calexico', 'kr-kcsa'] as const;
const dialect = (id: string): FileDialect => getPartner(id).files.remittance?.value as FileDialect;
const linesOf = (numbers: readonly (readonly [folio: string, transfer: string])[]): PaymentLine[] =>
  read(ids[0], [REMITTANCE, ...numbers.map(([folio, transferencia]) => remittanceLine({ folio, transferencia }))].join('\n')).lines;
const sender = (numbers: readonly (readonly [string, string])[], given: string, own = dialect(given)): string | null =>
  otherSenderOf(linesOf(numbers), own, ids.filter((id) => id !== given).map((partnerId) => ({ partnerId, dialect: dialect(partnerId) })));

describe('a list that is another partner\'s', () => {
  it.each([
    ['by folios and transfers', [['RLA26-000001', 'TRLA2601001']]],
    ['by folios alone', [['RLA26-000001', ''], ['RLA26-000002', 'X']]],
    ['by transfers alone', [['7', 'TRLA2601001'], ['8', 'trla2601001']]],
    ['by most of its lines', [['RLA26-000001', ''], ['RLA26-000002', ''], ['7', 'X']]],
  ] as const)('is known %s', (_, numbers) => expect(sender(numbers, 'mx-consulate-calexico')).toBe('mx-consulate-los-angeles'));

  it.each([
    ['one number is of this partner', [['RLA26-000001', 'TRLA2601001'], ['RLA26-000002', 'TRLA2601001'], ['RLA26-000003', 'TRCX2601001']]],
    ['numbers are of no known form', [['A-1', 'B-1']]],
    ['only half of the lines look so', [['RLA26-000001', ''], ['7', '']]],
    ['numbers have no letters, as those of many offices', [['2026-0000001', 'X1']]],
    ['there are no lines', []],
  ] as const)('is not suspected where %s', (_, numbers) => expect(sender(numbers, 'mx-consulate-calexico')).toBeNull());

  it('is not suspected where nobody knows the form of this partner\'s own numbers', () => {
    const { referenceHint: _, transferHint: __, ...own } = dialect('mx-consulate-calexico');
    expect(sender([['RLA26-000001', 'TRLA2601001']], 'mx-consulate-calexico', own)).toBeNull();
  });

  it('is known where only one of the two forms is, by that one', () => {
    const { referenceHint: _, ...own } = dialect('mx-consulate-calexico');
    expect(sender([['RLA26-000001', 'X']], 'mx-consulate-calexico', own)).toBeNull();
    expect(sender([['RLA26-000001', 'TRLA2601001']], 'mx-consulate-calexico', own)).toBe('mx-consulate-los-angeles');
  });
});
