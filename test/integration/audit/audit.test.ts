import { noteListExported, noteListShown, recordAudit, verifyAudit } from '../../../src/modules/audit/index.ts';
import type { AuditDetails } from '../../../src/modules/audit/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const record = (ctx: Ctx, id: string) => inTransaction(ctx, (tx) => recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id }, details: { lines: 3 } }));

describe('the audit record', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  const ids: string[] = [];
  beforeAll(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
    for (let i = 0; i < 6; i++) ids.push(await record(ctx, `fil_${i}`));
  });

  it('is intact as it was written, and starts with nothing', async () => {
    expect(await verifyAudit(ctx)).toMatchObject({ isIntact: true, events: 6, anchor: { seq: 6n } });
    expect(await verifyAudit(testCtx(db, { agency: 'us-az' }))).toEqual({ isIntact: true, events: 0, anchor: null, findings: [] });
  });

  it('goes with its transaction: what rolls back leaves no event and no gap', async () => {
    await expect(inTransaction(ctx, async (tx) => {
      await recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id: 'fil_x' } });
      throw new Error('changed our mind');
    })).rejects.toThrow('changed our mind');
    await record(ctx, 'fil_after');
    expect(await verifyAudit(ctx)).toMatchObject({ isIntact: true, events: 7, anchor: { seq: 7n } });
  });

  it('keeps nobody waiting for a transaction that is still at work, and chains many at once', async () => {
    let finish = (): void => undefined;
    const isDone = new Promise<void>((resolve) => { finish = resolve; });
    let hasRecorded = (): void => undefined;
    const recorded = new Promise<void>((resolve) => { hasRecorded = resolve; });
    const long = inTransaction(ctx, async (tx) => {
      await recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id: 'fil_long' } });
      hasRecorded();
      await isDone;
    });
    await recorded;
    await Promise.all(Array.from({ length: 12 }, (_, i) => record(ctx, `fil_short_${i}`)));
    finish();
    await long;
    expect(await verifyAudit(ctx)).toMatchObject({ isIntact: true, events: 20 });
    expect(await behindTheWall(db, 'select e.subject_id from audit_chain c join audit_events e using (agency_id, event_id) order by c.seq desc limit 1')).toEqual([{ subject_id: 'fil_long' }]);
  });

  it.each(["update audit_events set action = 'a.b'", 'delete from audit_events', 'truncate audit_events cascade', "update audit_chain set seq = seq + 1", 'delete from audit_chain', 'truncate audit_heads', 'delete from audit_heads', 'update audit_heads set seq = 0',
    "insert into audit_chain values ('us-ca', 99, 'x', sha256(''), sha256(''))", "insert into audit_event_cases values ('us-ca', 'CASE-1', 'aud_x', null)", 'delete from audit_event_cases', 'truncate audit_event_cases',
    "insert into audit_listings values ('us-ca', 1, 'aud_x', '{CASE-1}')", 'update audit_listings set bucket = 1', 'delete from audit_listings', "select audit_note_listing('aud_x', '{CASE-1}', true)"])('refuses the application: %s', async (statement) => {
    await expect(inTransaction(ctx, (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied|append-only|written with its own event/);
  });

  it('refuses an event in the name of another actor', async () => {
    await expect(inTransaction(ctx, (tx) => recordAudit({ ...tx, actor: { ...ctx.actor, id: 'usr_other' } }, { action: 'cases.imported', subject: { type: 'file', id: 'f' } }))).rejects.toThrow(/row-level security/);
  });

  it('refuses details that could be personal', async () => {
    await expect(inTransaction(ctx, (tx) => recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id: 'f' }, details: { name: 'José Núñez' } }))).rejects.toThrow('fault');
    await expect(inTransaction(ctx, (tx) => recordAudit(tx, { action: 'cases.imported', subject: { type: 'file', id: 'a@b.mx' } }))).rejects.toThrow('fault');
  });

  it('knows by index which cases an event names, whoever left it; who does not see the event does not see that', async () => {
    const officer = testCtx(db, { id: 'usr_officer', roles: ['partner_officer'], partner: 'mx-sre' });
    const leave = (who: Ctx, id: string, county: string, details: AuditDetails) => inTransaction(who, (tx) => recordAudit(tx, { action: 'cases.searched', subject: { type: 'list', id }, county, details }));
    await leave(ctx, 'some', '06025', { cases: ['CASE-1', 'CASE-2', 'CASE-1', ''] });
    await leave(ctx, 'both', '06037', { cases: ['CASE-1'], caseId: 'CASE-1' });
    await leave(officer, 'one', '06025', { caseId: 'CASE-3' });
    for (const details of [{ cases: 12 }, { caseId: '' }, { cases: [] }, { cases: [7] }] as AuditDetails[]) await leave(ctx, 'none', '06025', details);
    const named = (who: Ctx) => inTransaction(who, (tx) => tx.tx.query<{ named: string }[]>("select e.subject_id || ' ' || c.case_id as named from audit_event_cases c join audit_events e using (agency_id, event_id) order by 1"));
    expect((await named(ctx)).map((row) => row.named)).toEqual(['both CASE-1', 'one CASE-3', 'some CASE-1', 'some CASE-2']);
    expect((await named(testCtx(db, { id: 'usr_county', roles: ['supervisor'], counties: ['06025'] }))).map((row) => row.named)).toEqual(['one CASE-3', 'some CASE-1', 'some CASE-2']);
    expect(await inTransaction(officer, (tx) => tx.tx.query('select case_id from audit_event_cases'))).toEqual([]);
  });

  it('takes events of a partner\'s officer, who sees none', async () => {
    const officer = testCtx(db, { id: 'usr_officer', roles: ['partner_officer'], partner: 'kr-kcsa' });
    await record(officer, 'fil_officer');
    expect(await inTransaction(officer, (tx) => tx.tx.query('select 1 from audit_events union all select 1 from audit_chain'))).toEqual([]);
    await expect(verifyAudit(officer)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await verifyAudit(ctx)).toMatchObject({ isIntact: true });
  });

  it('answers exactly whom each of several long files told of, by few rows', async () => {
    const other = await testDatabase();
    const asker = testCtx(other);
    const many = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `L-${from + i}`);
    for (const [part, keys] of [many(1, 5_000), many(5_001, 5_000), [...many(2, 1), ...many(10_001, 4_999)]].entries()) await noteListExported(asker, { list: 'cases', part: part + 1, lines: keys.length, keys });
    await noteListExported(asker, { list: 'nobody', part: 1, lines: 7, keys: [] });
    await noteListShown(asker, 'queue', [{ case: 'L-2' }, { case: 'L-7' }, { case: 'L-7' }, { referral: null }]);
    const asked = async (key: string) => (await behindTheWall<{ event: string }>(other, `select details ->> 'named' as event from audit_events e where exists (
      select from audit_listings l where l.event_id = e.event_id and l.bucket in (audit_listing_hash($1), -1 - (audit_listing_hash($1) >> 23)) and $1 = any(l.keys)) order by e.recorded_at`, [key])).map(({ event }) => event);
    expect([await asked('L-1'), await asked('L-2'), await asked('L-7'), await asked('L-5001'), await asked('L-99999'), await asked('L')]).toEqual([['5000'], ['5000', '5000', '2'], ['5000', '2'], ['5000'], [], []]);
    const [rows] = await behindTheWall<{ rows: number; keys: number }>(other, "select count(*)::int as rows, sum(cardinality(keys))::int as keys from audit_listings where bucket < 0");
    expect([(rows?.rows ?? 0) <= 3 * 256, rows?.keys]).toEqual([true, 15_000]);
    expect(await verifyAudit(asker)).toMatchObject({ isIntact: true });
  });

  describe('tampered with by somebody whom nothing stops', () => {
    const TAMPERINGS: [string, string, string][] = [
      ['a changed subject', "update audit_events set subject_id = 'fil_9' where event_id = $1", 'audit.event_changed'],
      ['a changed detail', `update audit_events set details = '{"lines": 4}' where event_id = $1`, 'audit.event_changed'],
      ['a changed moment', "update audit_events set recorded_at = recorded_at + interval '1 microsecond' where event_id = $1", 'audit.event_changed'],
      ['a removed event', 'delete from audit_events where event_id = $1', 'audit.event_missing'],
      ['a removed event with its link', 'with e as (delete from audit_events where event_id = $1) delete from audit_chain where event_id = $1', 'audit.link_broken'],
      ['an event put in', "insert into audit_events select agency_id, $1 || 'x', action, subject_type, 'fil_8', actor_kind, actor_id, actor_partner, partner_id, county, details, happened_at, recorded_at from audit_events where event_id = $1", 'audit.event_inserted'],
      ['two events exchanged', 'update audit_chain set seq = 99 where seq = 2; update audit_chain set seq = 2 where seq = 3; update audit_chain set seq = 3 where seq = 99', 'audit.link_broken'],
      ['the newest event cut off', "with l as (select seq, event_id from audit_chain order by seq desc limit 1), e as (delete from audit_events where event_id in (select event_id from l)) delete from audit_chain where seq in (select seq from l)", 'audit.head_differs'],
    ];
    it.each(TAMPERINGS)('finds %s', async (_, statement, code) => {
      const other = await testDatabase();
      const its = testCtx(other);
      const events: string[] = [];
      for (let i = 0; i < 5; i++) events.push(await record(its, `fil_${i}`));
      const { anchor } = await verifyAudit(its);
      await tamper(other, statement.replaceAll('$1', `'${events[1]}'`));
      const found = await verifyAudit(its, anchor ? [anchor] : []);
      expect(found.isIntact).toBe(false);
      expect(found.findings.map((finding) => finding.code)).toContain(code);
    });

    it('finds a whole chain computed anew by the anchor that was kept elsewhere', async () => {
      const other = await testDatabase();
      const its = testCtx(other);
      for (let i = 0; i < 3; i++) await record(its, `fil_${i}`);
      const { anchor } = await verifyAudit(its);
      await tamper(other, "truncate audit_events, audit_chain, audit_heads");
      for (let i = 0; i < 3; i++) await record(its, `fil_other_${i}`);
      expect(await verifyAudit(its)).toMatchObject({ isIntact: true });
      expect((await verifyAudit(its, anchor ? [anchor] : [])).findings).toEqual([{ code: 'audit.anchor_differs', severity: 'block', params: { id: 'link 3' } }]);
    });
  });
});

/** As a superuser with every trigger of ours taken off. */
async function tamper(db: TestDatabase, statement: string): Promise<void> {
  const off = ['audit_events', 'audit_chain', 'audit_heads'].map((table) => `alter table ${table} disable trigger user;`).join(' ');
  const on = off.replaceAll('disable', 'enable');
  await behindTheWall(db, `${off} ${statement}; ${on}`);
}
