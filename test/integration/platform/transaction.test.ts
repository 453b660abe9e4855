import { Client } from 'pg';
import { inTransaction } from '../../../src/platform/context.ts';
import type { TxCtx } from '../../../src/platform/context.ts';
import { connectDatabase, copyRows } from '../../../src/platform/database/index.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  const owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
  await owner.query(`
    create table boxes (agency_id text not null, box_id int not null, inside int, primary key (agency_id, box_id),
      foreign key (agency_id, inside) references boxes deferrable initially deferred);
    call puente_protect('boxes', null, null);
    call puente_grant('puente_app');
  `);
  await owner.end();
});

const boxes = () => behindTheWall<{ n: number }>(db, 'select count(*)::int as n from boxes').then((rows) => rows[0]?.n);
const put = (ctx: TxCtx, id: number, inside: number | null = null) => ctx.tx.query('insert into boxes values ($1, $2, $3)', [ctx.actor.agency, id, inside]);

describe('inTransaction', () => {
  it('commits together or not at all, and joins a running one', async () => {
    const failing = inTransaction(testCtx(db), async (ctx) => {
      await put(ctx, 1);
      await inTransaction(ctx, (inner) => put(inner, 2));
      throw new Error('later');
    });
    await expect(failing).rejects.toThrow('later');
    expect(await boxes()).toBe(0);
  });

  it('fails, rather than roll back in silence, when a failed statement was swallowed', async () => {
    const silent = inTransaction(testCtx(db), async (ctx) => {
      await put(ctx, 1);
      await put(ctx, 1).catch(() => undefined);
      return 'done';
    });
    await expect(silent).rejects.toMatchObject({ code: '25P02' });
    expect(await boxes()).toBe(0);
  });

  it('checks deferred constraints before it commits', async () => {
    await expect(inTransaction(testCtx(db), (ctx) => put(ctx, 1, 99))).rejects.toMatchObject({ code: '23503' });
    expect(await boxes()).toBe(0);
  });

  it('ends a person\'s wait for a lock, and says that someone else is at work', async () => {
    const holder = new Client({ connectionString: db.adminUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table boxes in access exclusive mode');
    const hasty = inTransaction(testCtx(db), async (ctx) => {
      await ctx.tx.query(`set local lock_timeout = '50ms'`);
      await put(ctx, 1);
    });
    await expect(hasty).rejects.toMatchObject({ kind: 'conflict', code: 'database.busy', params: { sqlState: '55P03' } });
    await holder.query('rollback');
    await holder.end();
  });

  it('says that too much is asked when no connection becomes free, and undoes nothing of whoever has it', async () => {
    const narrow = await connectDatabase(db.appUrl, { poolMax: 1, connectTimeoutMs: 3_000 });
    const ctx = { ...testCtx(db), db: narrow };
    const meanwhile = await inTransaction(ctx, async (tx) => {
      await put(tx, 51);
      return inTransaction(ctx, (other) => put(other, 52)).catch((error: unknown) => error);
    });
    await narrow.close();
    expect(meanwhile).toMatchObject({ name: 'AppError', kind: 'partner_unavailable', code: 'database.overloaded' });
    expect(await behindTheWall(db, 'select box_id from boxes where box_id in (51, 52)')).toEqual([{ box_id: 51 }]);
  });

  it('runs again after a deadlock only when told that this is safe', async () => {
    await inTransaction(testCtx(db), async (ctx) => { await put(ctx, 11); await put(ctx, 12); });
    const cross = (retries: number) => {
      let arrived = 0;
      let open: () => void = () => undefined;
      const bothHere = new Promise<void>((resolve) => { open = resolve; });
      const one = (first: number, second: number) => inTransaction(testCtx(db, { kind: 'system' }), async (ctx) => {
        await ctx.tx.query('select from boxes where box_id = $1 for update', [first]);
        if (++arrived >= 2) open();
        await bothHere;
        await ctx.tx.query('select from boxes where box_id = $1 for update', [second]);
      }, { retries });
      return Promise.allSettled([one(11, 12), one(12, 11)]);
    };
    expect((await cross(2)).map((end) => end.status)).toEqual(['fulfilled', 'fulfilled']);
    const once = await cross(0);
    expect(once.filter((end) => end.status === 'rejected').map((end) => (end as PromiseRejectedResult).reason as unknown))
      .toEqual([expect.objectContaining({ kind: 'conflict', code: 'database.busy' })]);
  });

  it('says that the server went away, when its connection ends between two statements', async () => {
    const cut = inTransaction(testCtx(db), async (ctx) => {
      const [{ pid }] = await ctx.tx.query<[{ pid: number }]>('select pg_backend_pid() as pid');
      const killer = new Client({ connectionString: db.adminUrl });
      await killer.connect();
      const runner = ctx.tx.queryRunner as unknown as { databaseConnection: Client };
      const ended = new Promise((resolve) => { runner.databaseConnection.once('end', resolve); });
      await killer.query('select pg_terminate_backend($1)', [pid]);
      await killer.end();
      await ended;
      await put(ctx, 21);
    });
    await expect(cut).rejects.toMatchObject({ kind: 'partner_unavailable', code: 'database.unavailable' });
  });

  it('takes many rows, and none when one of them is refused', async () => {
    async function* many(bad: number | null) {
      for (let id = 1000; id < 6000; id++) yield [id === bad ? 'us-nv' : 'us-ca', id, null] as const;
    }
    const before = await boxes();
    await expect(inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'boxes (agency_id, box_id, inside)', many(5500)))).rejects.toMatchObject({ code: '42501' });
    expect(await boxes()).toBe(before);
    expect(await inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'boxes (agency_id, box_id, inside)', many(null)))).toBe(5000);
    await expect(inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'boxes; drop table boxes', []))).rejects.toThrow('fault');
    const broken = inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'boxes (agency_id, box_id)', (async function* () { yield ['us-ca', 9999] as const; throw new Error('source broke'); })()));
    await expect(broken).rejects.toThrow('source broke');
  });
});
