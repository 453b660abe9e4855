import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditCommands } from '../../../src/cli/audit.ts';
import type { AppCommand, Command } from '../../../src/cli/command.ts';
import { ledgerCommands } from '../../../src/cli/ledger.ts';
import { postingCommands } from '../../../src/cli/postings.ts';
import { postTransfer } from '../../../src/modules/ledger/index.ts';
import { openPostingProposals, proposePostings } from '../../../src/modules/payments/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { LANGUAGES } from '../../../src/platform/i18n.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';

const commands: readonly Command[] = [...ledgerCommands, ...auditCommands, ...postingCommands];
const command = (name: string) => commands.find((one) => one.name === name) as AppCommand;

describe('the commands of ledger, audit and postings', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  let folder: string;
  beforeAll(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
    folder = await mkdtemp(join(db.dataDir, 'out-'));
    await inTransaction(ctx, (tx) => postTransfer(tx, {
      transferKey: 'disbursement:D1', event: 'disbursement.delivered', occurredOn: '2026-10-02',
      legs: [{ kind: 'in_transit', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: -36_200n }, { kind: 'delivered', caseId: '2000001', county: '06037', currency: 'USD', amountMinor: 36_200n }],
    }));
    await inTransaction(ctx, async (tx) => {
      await openPostingProposals(tx);
      await tx.tx.query("insert into posting_candidates (proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency) values ('r:1', '2000001', '06037', 'fil_1', 2, '2026-10-01', '2026-10-05', 100, 'USD')");
      await proposePostings(tx);
    });
  });
  const run = async (name: string, options: Record<string, string> = {}, args: string[] = [], language: (typeof LANGUAGES)[number] = 'en') => {
    const io = recordingTerminal(language);
    const code = await command(name).run(io, { args, options }, ctx);
    return { code, io };
  };

  it('prints a case\'s statement for people in each language, and for programs in decimals', async () => {
    for (const language of LANGUAGES) {
      const { code, io } = await run('ledger statement', { case: '2000001' }, [], language);
      expect(code).toBe(0);
      expect(io.lines.join('\n')).toContain('362.00');
      expect(io.values).toEqual([{
        caseId: '2000001', asOf: null, balances: [{ account: 'delivered', bucket: null, currency: 'USD', balance: '362.00' }],
        lines: [expect.objectContaining({ occurredOn: '2026-10-02', event: 'disbursement.delivered', account: 'delivered', amount: '362.00', balance: '362.00', transferKey: 'disbursement:D1' })],
      }]);
    }
    expect((await run('ledger statement', { case: '2000001', asOf: '2026-12-31' })).code).toBe(0);
    await expect(run('ledger statement', { case: '2000001', asOf: '2026-02-30' })).rejects.toMatchObject({ code: 'ledger.date_invalid' });
    await expect(run('ledger statement', { case: 'NOBODY' })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('exports postings to a file, the same bytes again, and takes the answer', async () => {
    const [one, two] = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    const first = await run('postings export', { out: one });
    expect(first.io.values).toEqual([{ exportId: expect.stringMatching(/^exp_/), file: one, sha256: expect.any(String), postings: 1, repeat: false }]);
    expect((await run('postings export', { out: two })).io.values).toMatchObject([{ repeat: true, postings: 1 }]);
    const bytes = await readFile(one, 'utf8');
    expect(await readFile(two, 'utf8')).toBe(bytes);
    const answer = join(folder, 'ack.csv');
    await writeFile(answer, `posting_id,status,reason,processed_on\n${bytes.split('\n')[1]?.split(',')[0]},accepted,,2026-11-19\n`);
    expect(await run('postings acknowledge', {}, [answer])).toMatchObject({ code: 0, io: { values: [{ accepted: 1, refused: 0 }] } });
    expect(await run('postings export', { out: two })).toMatchObject({ code: 0, io: { values: [{ exportId: null, postings: 0 }] } });
    expect(await readFile(two, 'utf8')).toBe(`${bytes.split('\n')[0]}\n`);
    const { exportId } = first.io.values[0] as { exportId: string };
    await run('postings export', { out: two, again: exportId });
    expect(await readFile(two, 'utf8')).toBe(bytes);
    expect((await run('postings acknowledge', {}, [join(folder, 'nowhere.csv')])).code).toBe(3);
    await expect(run('postings export', { out: join(folder, 'no', 'such', 'folder.csv'), again: exportId })).rejects.toMatchObject({ code: 'file.unwritable' });
  });

  it('says what a check without an anchor does not prove, in every language, and is silent about it with one', async () => {
    for (const language of LANGUAGES) {
      const { io } = await run('audit verify', {}, [], language);
      expect(io.lines).toContain(io.words('audit:cli.no_anchor'));
      expect(io.values).toMatchObject([{ anchorsChecked: 0 }]);
    }
    const { anchor } = (await run('audit verify')).io.values[0] as { anchor: string };
    const anchored = await run('audit verify', { anchor });
    expect(anchored.io.lines).not.toContain(anchored.io.words('audit:cli.no_anchor'));
    expect(anchored).toMatchObject({ code: 0, io: { values: [{ intact: true, anchorsChecked: 1 }] } });
  });

  it('prints an anchor of the ledger, and says with it later that nothing was taken away', async () => {
    for (const language of LANGUAGES) {
      const { io } = await run('ledger check', {}, [], language);
      const { anchor } = io.values[0] as { anchor: string };
      expect(io.lines.at(-1)).toBe(io.words('ledger:cli.anchor_now', { anchor }));
      expect((await run('ledger check', { anchor }, [], language)).code).toBe(0);
      const other = await run('ledger check', { anchor: `9:${'0'.repeat(64)}` }, [], language);
      expect(other).toMatchObject({ code: 1, io: { values: [{ clean: false, batches: 1 }], findings: [{ code: 'ledger.anchor_differs' }] } });
    }
    await expect(run('ledger check', { anchor: 'x' })).rejects.toMatchObject({ code: 'ledger.anchor_invalid' });
  });

  it('answers a sound record with 0 and a broken one with 1', async () => {
    expect((await run('audit verify')).io.values).toMatchObject([{ intact: true, anchor: expect.stringMatching(/^\d+:[0-9a-f]{64}$/) }]);
    expect((await run('ledger check')).io.values).toMatchObject([{ clean: true, transfers: 1, entries: 2, accounts: 2, findings: [] }]);
    await expect(run('audit verify', { anchor: 'x' })).rejects.toMatchObject({ code: 'audit.anchor_invalid' });
    expect((await run('audit verify', { anchor: `1:${'0'.repeat(64)}` })).code).toBe(1);
    await behindTheWall(db, "alter table audit_events disable trigger all; alter table ledger_balances disable trigger all; update audit_events set subject_id = 'x'; update ledger_balances set balance_minor = 1");
    for (const language of LANGUAGES) {
      expect(await run('audit verify', {}, [], language)).toMatchObject({ code: 1, io: { values: [{ intact: false }] } });
      const check = await run('ledger check', {}, [], language);
      expect(check).toMatchObject({ code: 1, io: { values: [{ clean: false }] } });
      expect(check.io.findings[0]).toMatchObject({ code: 'ledger.balance_differs', severity: 'block' });
    }
  });
});
