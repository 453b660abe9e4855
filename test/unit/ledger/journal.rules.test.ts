import fc from 'fast-check';
import { ACCOUNT_KINDS, BUCKETS } from '../../../src/modules/ledger/index.ts';
import { journalAccount, journalEnd, journalEntry } from '../../../src/modules/ledger/journal.rules.ts';
import type { JournalAccount } from '../../../src/modules/ledger/journal.rules.ts';
import { anchorOf, readAnchor } from '../../../src/modules/ledger/anchor.ts';
import { heldBy } from '../../../src/modules/ledger/posting.rules.ts';

const id = fc.oneof(fc.constantFrom('mx-sre', 'Mx-sre', 'X-1', 'x-1', '2000004103714', 'C1', 'c1', 'a.b', 'a_b', 'a-2e-b', 'ñ', '한', 'X-', '-'), fc.string({ minLength: 1, maxLength: 8 }));
const account: fc.Arbitrary<JournalAccount> = fc.record({ kind: fc.constantFrom(...ACCOUNT_KINDS), holder: id, bucket: fc.option(fc.constantFrom(...BUCKETS)), currency: fc.constant('USD') })
  .map((one) => ({ ...one, holder: heldBy(one.kind) === 'agency' ? null : one.holder, bucket: one.kind === 'proposed_collection' ? one.bucket : null }));

describe('accounts in a journal', () => {
  it('have names that beancount and hledger both take', () => {
    fc.assert(fc.property(account, (one) => {
      expect(journalAccount(one)).toMatch(/^(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+$/);
    }), { numRuns: 500 });
  });

  it('have different names for different accounts', () => {
    fc.assert(fc.property(account, account, (one, other) => {
      expect(journalAccount(one) === journalAccount(other)).toBe(one.kind === other.kind && one.holder === other.holder && one.bucket === other.bucket);
    }), { numRuns: 2_000 });
  });

  it('are never the parents of others: beancount would count those in', () => {
    fc.assert(fc.property(account, account, (one, other) => {
      expect(journalAccount(other).startsWith(`${journalAccount(one)}:`)).toBe(false);
    }), { numRuns: 2_000 });
  });
});

describe('the lines of a journal', () => {
  const leg = { kind: 'bank', holder: null, bucket: null, currency: 'KRW', amountMinor: -50_000n } as const;

  it('tell amounts as each currency writes them, and no key can end a string or begin another line', () => {
    const entry = { transferKey: 'a"; b\n2026-01-01 open\\', event: 'x.y', occurredOn: '2026-03-02', legs: [leg, { ...leg, currency: 'USD', amountMinor: 9_007_199_254_740_993n }] };
    expect(journalEntry('hledger', entry)).toBe('\n2026-03-02 * x.y  ; a_; b_2026-01-01 open_\n    Assets:Bank  -50000 KRW\n    Assets:Bank  90071992547409.93 USD\n');
    expect(journalEntry('beancount', entry)).toBe('\n2026-03-02 * "x.y" "a_; b_2026-01-01 open_"\n    Assets:Bank  -50000 KRW\n    Assets:Bank  90071992547409.93 USD\n');
  });

  it('end with what the ledger says, to the last unit', () => {
    const balances = [{ ...leg, firstOn: '2026-02-02' }, { ...leg, currency: 'USD', amountMinor: 5n, firstOn: '2026-01-01' }];
    expect(journalEnd('hledger', balances, '2026-03-02', '2026-03-03')).toBe('\n2026-03-02 * balances\n    Assets:Bank  0 KRW = -50000 KRW\n    Assets:Bank  0.00 USD = 0.05 USD\n');
    expect(journalEnd('beancount', balances, '2026-03-02', '2026-03-03')).toBe('\n2026-01-01 open Assets:Bank\n2026-03-03 balance Assets:Bank  -50000 ~ 0 KRW\n2026-03-03 balance Assets:Bank  0.05 ~ 0 USD\n');
    expect(journalEnd('hledger', [], '', '')).toBe('');
  });
});

describe('an anchor', () => {
  const end = (chain: number, number: bigint, fill: number) => ({ chain, number, digest: Buffer.alloc(32, fill) });

  it('names the length of every chain, in any order, and reads back', () => {
    const anchor = anchorOf([end(2, 7n, 3), end(0, 12n, 1)]) as string;
    expect(anchor).toMatch(/^12\.0\.7:[0-9a-f]{64}$/);
    expect(anchorOf([end(0, 12n, 1), end(2, 7n, 3)])).toBe(anchor);
    expect(anchorOf([end(0, 12n, 1), end(2, 7n, 4)])).not.toBe(anchor);
    expect(readAnchor(anchor)).toEqual([12n, 0n, 7n]);
    expect(anchorOf([])).toBeNull();
  });
});
