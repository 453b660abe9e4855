import { text } from 'node:stream/consumers';
import { acknowledgePostings, exportPostings, findPostingExport, listRefusedPostings, openPostingExport, openPostingProposals, proposePostings } from '../../../src/modules/payments/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

interface Candidate { key: string; amount?: bigint; caseId?: string; reverses?: string }

const propose = (ctx: Ctx, ...candidates: Candidate[]) => inTransaction(ctx, async (tx) => {
  await openPostingProposals(tx);
  for (const { key, amount = 36_200n, caseId = '2000001', reverses = null } of candidates) {
    await tx.tx.query(`insert into posting_candidates (proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency, reverses_key)
      values ($1, $2, '06025', 'fil_1', 2, '2026-10-28', '2026-11-04', $3, 'USD', $4)`, [key, caseId, amount.toString(), reverses]);
  }
  return proposePostings(tx);
});
const bytesOf = async (ctx: Ctx, exportId: string | null) => text(await openPostingExport(ctx, exportId ?? ''));
const acknowledge = (ctx: Ctx, ...lines: string[]) => acknowledgePostings(ctx, { fileName: 'ack.csv', source: Buffer.from(['posting_id,status,reason,processed_on', ...lines, ''].join('\n')) });

describe('postings to the State', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  beforeEach(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
  });

  it('exports each posting once, and the same export in the same bytes until it is answered', async () => {
    expect(await exportPostings(ctx)).toEqual({ exportId: null, postings: 0, sha256: null, isRepeat: false });
    expect(await propose(ctx, { key: 'c:1' }, { key: 'c:2', amount: 5n, caseId: '2000002' })).toEqual({ proposed: 2, withdrawn: 0, reversed: 0, known: 0 });
    expect(await propose(ctx, { key: 'c:2', amount: 5n, caseId: '2000002' })).toEqual({ proposed: 0, withdrawn: 0, reversed: 0, known: 1 });
    const first = await exportPostings(ctx);
    expect(first).toMatchObject({ postings: 2, isRepeat: false });
    const lines = (await bytesOf(ctx, first.exportId)).split('\n');
    expect(lines[0]).toBe('posting_id,case_id,collected_on,received_on,amount,currency,bucket,obligation_id,source_label,reversal_of');
    expect(lines.slice(1, 3).map((line) => line.replace(/^pst_[0-9A-F]{26},/, '')).sort()).toEqual([
      '2000001,2026-10-28,2026-11-04,362.00,USD,,,intergovernmental,', '2000002,2026-10-28,2026-11-04,0.05,USD,,,intergovernmental,']);
    const again = await exportPostings(ctx);
    expect(again).toEqual({ ...first, isRepeat: true });
    expect(await bytesOf(ctx, again.exportId)).toBe(lines.join('\n'));

    await propose(ctx, { key: 'c:3' });
    const second = await exportPostings(ctx);
    expect(second).toMatchObject({ postings: 1, isRepeat: false });
    expect(await bytesOf(ctx, second.exportId)).not.toContain(String(lines[1]).slice(0, 30));
    expect(await findPostingExport(ctx, first.exportId ?? '')).toEqual({ ...first, isRepeat: true });
    await acknowledge(ctx, `${(await bytesOf(ctx, second.exportId)).split('\n')[1]?.slice(0, 30)},accepted,,2026-11-19`);
    expect(await exportPostings(ctx)).toMatchObject({ exportId: null, postings: 0 });
    await expect(openPostingExport(ctx, 'exp_nothing')).rejects.toMatchObject({ kind: 'not_found', code: 'postings.export_unknown' });
  });

  it('exports what is proposed only once when two ask at the same time', async () => {
    await propose(ctx, ...Array.from({ length: 20 }, (_, i) => ({ key: `p:${i}` })));
    const made = await Promise.all([exportPostings(ctx), exportPostings(ctx), exportPostings(ctx)]);
    expect(made.filter((one) => !one.isRepeat)).toHaveLength(1);
    expect(new Set(made.map((one) => one.sha256)).size).toBe(1);
  });

  it('refuses another content under the same key', async () => {
    await propose(ctx, { key: 'c:1' });
    await expect(propose(ctx, { key: 'c:1', amount: 1n })).rejects.toMatchObject({ kind: 'conflict', code: 'postings.key_reused' });
  });

  it('withdraws what the State has not seen, and sends a reversal for what it has', async () => {
    await propose(ctx, { key: 'c:1' });
    expect(await propose(ctx, { key: 'c:1:back', reverses: 'c:1' })).toMatchObject({ withdrawn: 1, reversed: 0 });
    expect(await exportPostings(ctx)).toMatchObject({ exportId: null });
    await propose(ctx, { key: 'c:2' });
    const original = (await bytesOf(ctx, (await exportPostings(ctx)).exportId)).split('\n')[1]?.slice(0, 30) ?? '';
    expect(await propose(ctx, { key: 'c:2:back', reverses: 'c:2' })).toMatchObject({ withdrawn: 0, reversed: 1 });
    expect(await propose(ctx, { key: 'c:2:back', reverses: 'c:2' })).toMatchObject({ reversed: 0, known: 1 });
    expect((await bytesOf(ctx, (await exportPostings(ctx)).exportId)).split('\n')[1]).toMatch(new RegExp(`^pst_\\w+,2000001,2026-10-28,2026-11-04,-362\\.00,USD,,,intergovernmental,${original}$`));
    expect(await listRefusedPostings(ctx)).toMatchObject({ total: 0 });
    await expect(propose(ctx, { key: 'c:3:back', reverses: 'c:3' })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('takes the State\'s answer line by line, once', async () => {
    await propose(ctx, ...Array.from({ length: 4 }, (_, i) => ({ key: `a:${i}` })));
    const ids = (await bytesOf(ctx, (await exportPostings(ctx)).exportId)).split('\n').slice(1, 5).map((line) => line.slice(0, 30));
    await propose(ctx, { key: 'a:late' });
    const lines = [`${ids[0]},accepted,,2026-11-19`, `${ids[1]},refused,CASE CLOSED,2026-11-19`, `pst_${'0'.repeat(26)},accepted,,2026-11-19`,
      `${ids[2]},posted,,2026-11-19`, `${ids[2]},accepted,,2026-02-30`, `${ids[0]},refused,,2026-11-19`, '=cmd(),accepted,,2026-11-19'];
    const answer = await acknowledge(ctx, ...lines);
    expect(answer).toMatchObject({ kind: 'posting_acknowledgment', lines: 7, accepted: 1, refused: 1, duplicate: 0, rejected: 5 });
    expect(answer.findings.map((finding) => [finding.line, finding.code])).toEqual([[3, 'postings.refused'], [4, 'postings.unknown'], [5, 'postings.status_unknown'],
      [6, 'postings.date_invalid'], [7, 'postings.posting_repeated'], [8, 'postings.id_invalid']]);
    expect(await listRefusedPostings(ctx)).toMatchObject({ total: 1, rows: [{ postingId: ids[1], reason: 'CASE CLOSED', processedOn: '2026-11-19', amountMinor: 36_200n }] });
    expect(await acknowledge(ctx, ...lines.slice(0, 2))).toMatchObject({ accepted: 0, refused: 0, duplicate: 2, rejected: 0, findings: [] });
    expect(await acknowledge(ctx, `${ids[1]},accepted,,2026-11-20`)).toMatchObject({ rejected: 1, findings: [{ code: 'postings.answered_otherwise', line: 2 }] });
    await expect(acknowledgePostings(ctx, { fileName: 'x.csv', source: Buffer.from('posting_id,state\n') })).rejects.toMatchObject({ code: 'postings.columns_missing' });
    await expect(acknowledgePostings(ctx, { fileName: 'x.csv', source: Buffer.from([0x70, 0xff, 0x0a]) })).rejects.toMatchObject({ code: 'postings.not_utf8' });
  });

  it.each(["update posting_proposals set amount_minor = 1", "update posting_proposals set status = 'proposed', export_id = null", 'delete from posting_proposals', 'truncate posting_proposals', 'delete from posting_exports'])('keeps what was proposed: %s', async (statement) => {
    await propose(ctx, { key: 'k:1' });
    await exportPostings(ctx);
    await expect(inTransaction(ctx, (tx) => tx.tx.query(statement))).rejects.toThrow();
  });

  it('shows postings to nobody outside of the agency and the county', async () => {
    await propose(ctx, { key: 's:1' });
    for (const who of [{ counties: ['06037'] }, { agency: 'us-az' }, { partner: 'kr-kcsa' }]) {
      expect(await inTransaction(testCtx(db, who), (tx) => tx.tx.query('select 1 from posting_proposals'))).toEqual([]);
    }
  });
});
