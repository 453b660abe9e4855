import { Client } from 'pg';
import { inTransaction } from '../../../src/platform/context.ts';
import { copyRows } from '../../../src/platform/database/index.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  const owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
  await owner.query(`
    create table things (agency_id text not null, thing_id text not null, county text, partner_id text, note text, primary key (agency_id, thing_id));
    call puente_protect('things', 'county', 'partner_id');
    create table county_things (agency_id text not null, thing_id text not null, county text, primary key (agency_id, thing_id));
    call puente_protect('county_things', 'county', null);
    create table inner_things (agency_id text not null, thing_id text not null, primary key (agency_id, thing_id));
    call puente_protect('inner_things', null, 'none');
    call puente_append_only('inner_things');
    call puente_grant('puente_app');
  `);
  await owner.end();
  await inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'things (agency_id, thing_id, county, partner_id, note)', [
    ['us-ca', 'a', '06037', 'mx-sre', 'x'], ['us-ca', 'b', '06025', 'kr-kcsa', 'y'], ['us-ca', 'c', null, null, 'tab\tback\\slash\nline\r\\.'],
  ]));
  await inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'county_things (agency_id, thing_id, county)', [['us-ca', 'a', '06037']]));
  await inTransaction(testCtx(db, { agency: 'us-nv' }), (ctx) => copyRows(ctx, 'things (agency_id, thing_id, county, partner_id, note)', [['us-nv', 'z', '32003', 'mx-sre', null]]));
  await inTransaction(testCtx(db), (ctx) => copyRows(ctx, 'inner_things (agency_id, thing_id)', [['us-ca', '1']]));
});

const ids = (given: Parameters<typeof testCtx>[1], table = 'things') =>
  inTransaction(testCtx(db, given), async (ctx) => (await ctx.tx.query<{ thing_id: string }[]>(`select thing_id from ${table} order by 1`)).map((row) => row.thing_id));

describe('row-level security', () => {
  it('shows nothing to a connection that did not say who is asking', async () => {
    expect(await db.dataSource.query('select * from things')).toEqual([]);
    expect(await db.dataSource.query('select * from inner_things')).toEqual([]);
    expect(await behindTheWall(db, 'select * from things')).toHaveLength(4);
  });

  it('shows each agency its own rows', async () => {
    expect(await ids({})).toEqual(['a', 'b', 'c']);
    expect(await ids({ agency: 'us-nv' })).toEqual(['z']);
  });

  it('shows a county actor the own county, and no row without one', async () => {
    expect(await ids({ counties: ['06025'] })).toEqual(['b']);
    expect(await ids({ counties: [] })).toEqual([]);
    expect(await ids({ counties: ['06025', '"},{"06037'] })).toEqual(['b']);
  });

  it('shows a partner officer the own partner only, and no table of the agency alone', async () => {
    expect(await ids({ partner: 'mx-sre' })).toEqual(['a']);
    expect(await ids({ partner: 'mx-sre' }, 'county_things')).toEqual([]);
    expect(await ids({ partner: 'mx-sre' }, 'inner_things')).toEqual([]);
    expect(await ids({ partner: '' })).toEqual([]);
  });

  it('refuses rows outside of the own scope', async () => {
    const insert = (given: Parameters<typeof testCtx>[1], partner: string) =>
      inTransaction(testCtx(db, given), (ctx) => ctx.tx.query(`insert into things values ('us-ca', 'new', '06037', $1)`, [partner]));
    await expect(insert({ partner: 'kr-kcsa' }, 'mx-sre')).rejects.toMatchObject({ code: '42501' });
    await expect(insert({ agency: 'us-nv' }, 'mx-sre')).rejects.toMatchObject({ code: '42501' });
    await expect(insert({ counties: ['06025'] }, 'mx-sre')).rejects.toMatchObject({ code: '42501' });
    await expect(inTransaction(testCtx(db, { counties: ['06025'] }), (ctx) => ctx.tx.query(`update things set county = '06037' where thing_id = 'b'`))).rejects.toMatchObject({ code: '42501' });
  });

  it('keeps what COPY wrote, character by character', async () => {
    const [row] = await inTransaction(testCtx(db), (ctx) => ctx.tx.query<{ note: string; county: null }[]>(`select note, county from things where thing_id = 'c'`));
    expect(row).toEqual({ note: 'tab\tback\\slash\nline\r\\.', county: null });
  });

  it('leaves no scope behind on the connection', async () => {
    await ids({});
    for (let turn = 0; turn < 6; turn++) expect(await db.dataSource.query('select * from things')).toEqual([]);
  });

  it.each([
    'alter table things disable row level security', 'alter table things no force row level security', 'drop policy scope_read on things',
    'create table mine (a int)', 'set role puente_owner', 'alter role puente_app bypassrls', 'truncate things', 'delete from schema_migrations',
  ])('does not let the application: %s', async (statement) => {
    await expect(inTransaction(testCtx(db), (ctx) => ctx.tx.query(statement))).rejects.toMatchObject({ code: '42501' });
  });
});

describe('an append-only table', () => {
  it.each([`update inner_things set thing_id = '2'`, 'delete from inner_things', 'truncate inner_things'])('refuses the application: %s', async (statement) => {
    await expect(inTransaction(testCtx(db), (ctx) => ctx.tx.query(statement))).rejects.toMatchObject({ code: '42501' });
  });

  it.each([`update inner_things set thing_id = '2'`, 'delete from inner_things', 'truncate inner_things'])('refuses the owner too: %s', async (statement) => {
    const scope = `select set_config('puente.agency', 'us-ca', false), set_config('puente.counties', '*', false), set_config('puente.partner', '*', false)`;
    const owner = new Client({ connectionString: db.ownerUrl });
    await owner.connect();
    await owner.query(scope);
    await expect(owner.query(statement)).rejects.toMatchObject({ code: '23000' });
    await owner.end();
  });
});
