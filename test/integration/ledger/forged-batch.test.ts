import { Client } from 'pg';
import { checkLedger, openPostingBatch, postTransfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

/**
 * Somebody has the application's password, or found a place to put SQL in. The ledger's functions run as the owner; here the caller
 * prepares the temporary schema (which is always the caller's) so that the owner would run the caller's code. `loot` remembers who ran it.
 */
const LOOT = `
  create temporary table loot (who text);
  grant all on pg_temp.loot to public;
  create function pg_temp.evil() returns boolean language plpgsql as $$ begin insert into pg_temp.loot values (current_user); return false; end $$;
  create function pg_temp.evil_trigger() returns trigger language plpgsql as $$ begin perform pg_temp.evil(); return new; end $$;
  create function pg_temp.evil_text(text) returns boolean language plpgsql as $$ begin perform pg_temp.evil(); return true; end $$`;

/** Takes away the owner's temporary tables as well as one's own. */
const AWAY = `discard temp; ${LOOT}`;

const LEGS = `transfer_key text collate "C", event text collate "C", occurred_on date, account_kind text collate "C", partner_id text collate "C",
  case_id text collate "C", county text collate "C", currency text collate "C", amount_minor bigint, reverses_key text collate "C", bucket text collate "C"`;
const TWIN = `create temporary table posting_legs (${LEGS}); grant all on pg_temp.posting_legs to public`;

const TRAPS: readonly [string, string][] = [
  ['a view', 'create temporary view posting_legs as select 1 as x where pg_temp.evil(); grant select on pg_temp.posting_legs to public'],
  ['a view over which rows are written', `create temporary table under (${LEGS}); create temporary view posting_legs as select * from under where pg_temp.evil(); grant all on pg_temp.posting_legs to public`],
  ['a table just like ours', TWIN],
  ['a row-level policy', `${TWIN}; alter table posting_legs enable row level security; create policy p on posting_legs using (pg_temp.evil())`],
  ['a trigger', `${TWIN}; create trigger t before insert on posting_legs for each row execute function pg_temp.evil_trigger()`],
  ['a rule', `${TWIN}; create rule r as on insert to posting_legs do also select pg_temp.evil()`],
  ['a default', `${TWIN}; alter table posting_legs add column more boolean default pg_temp.evil()`],
  ['a check', `${TWIN}; alter table posting_legs add check (not pg_temp.evil())`],
  ['an index over a function', `${TWIN}; create function pg_temp.still(text) returns boolean immutable language plpgsql as $f$ begin return pg_temp.evil(); end $f$; create index on posting_legs (pg_temp.still(transfer_key))`],
  ['a child table', `${TWIN}; create temporary table child () inherits (posting_legs); insert into child (transfer_key) values ('x')`],
  ['a domain as a type', `create domain pg_temp.text as pg_catalog.text check (pg_temp.evil_text(value)); ${TWIN.replace('transfer_key text', 'transfer_key pg_temp.text')}`],
  ['an operator', `create type pg_temp.odd as (a int); create function pg_temp.same(pg_temp.odd, pg_temp.odd) returns boolean language sql as 'select pg_temp.evil()';
    create operator pg_temp.= (leftarg = pg_temp.odd, rightarg = pg_temp.odd, function = pg_temp.same); ${TWIN.replaceAll('transfer_key text collate "C"', 'transfer_key pg_temp.odd')}`],
  ['a table of another kind', `create temporary table whole (${LEGS}) partition by list (currency); create temporary table posting_legs partition of whole default`],
];
const ENTRIES = [
  ['opening', 'select ledger_open_batch()'],
  ['posting', "select * from ledger_commit_batch('trap', 'me')"],
] as const;

let db: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await post('before:1');
});

const post = (transferKey: string) => inTransaction(ctx, (tx) => postTransfer(tx, {
  transferKey, event: 'x.y', occurredOn: '2026-03-02',
  legs: [{ kind: 'in_transit', partnerId: 'mx-sre', currency: 'USD', amountMinor: 5n }, { kind: 'bank', currency: 'USD', amountMinor: -5n }],
}));

/** The trap is laid and sprung on one connection of the application's role; tells the refusal, and whoever ran the caller's code. */
async function springs(trap: string, call: string): Promise<{ refusal: string | null; ranAs: string[] }> {
  const client = new Client({ connectionString: db.appUrl });
  await client.connect();
  try {
    await client.query(LOOT);
    await client.query(trap);
    await client.query("select set_config('puente.agency', 'us-ca', false), set_config('puente.counties', '*', false), set_config('puente.partner', '*', false)");
    const refusal = await client.query(call).then(() => null, (error: Error) => error.message);
    const { rows } = await client.query<{ who: string }>('select distinct who from pg_temp.loot');
    return { refusal, ranAs: rows.map((row) => row.who) };
  } finally {
    await client.end();
  }
}

describe.each(ENTRIES)('%s a batch where the caller has put', (_, call) => {
  it.each(TRAPS)('%s: is refused before anything of it is read', async (_what, trap) => {
    expect(await springs(trap, call)).toEqual({ refusal: 'ledger.batch_forged', ranAs: [] });
  });
});

describe('a batch that is really open', () => {
  it('cannot be changed by the caller, not even thrown away and put back', async () => {
    await inTransaction(ctx, async (tx) => { await openPostingBatch(tx); });
    for (const trap of [
      'alter table pg_temp.posting_legs add column x int', 'drop table pg_temp.posting_legs', 'create temporary table child () inherits (posting_legs)',
      'create trigger t before insert on pg_temp.posting_legs for each row execute function suppress_redundant_updates_trigger()',
      'create rule r as on insert to pg_temp.posting_legs do also select 1', 'create index on pg_temp.posting_legs (transfer_key)',
      'delete from pg_temp.posting_legs', 'update pg_temp.posting_legs set amount_minor = 1', 'truncate pg_temp.posting_legs',
    ]) {
      await expect(inTransaction(ctx, async (tx) => {
        await openPostingBatch(tx);
        await tx.tx.query(trap);
      })).rejects.toThrow(/must be owner|permission denied/);
    }
    expect(await springs(`select ledger_open_batch(); ${AWAY}; create temporary view posting_legs as select 1 as x where pg_temp.evil()`, "select * from ledger_commit_batch('trap', 'me')"))
      .toEqual({ refusal: 'ledger.batch_forged', ranAs: [] });
  });

  it('is not touched by types of the caller with the names of ours', async () => {
    const names = ['text', 'date', 'bytea', 'ledger_transfers', 'ledger_accounts', 'jsonb'];
    const trap = `${names.map((name) => `create domain pg_temp.${name} as pg_catalog.int4 check (pg_temp.evil_text('x'))`).join('; ')}; select ledger_open_batch();
      insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, currency, amount_minor)
        values ('typed:1', 'x.y', '2026-01-01', 'in_transit', 'mx-sre', 'USD', 10), ('typed:1', 'x.y', '2026-01-01', 'bank', null, 'USD', -10)`;
    const scope = "select set_config('puente.agency', 'us-ca', true), set_config('puente.counties', '*', true), set_config('puente.partner', '*', true)";
    expect(await springs(`begin; ${scope}; ${trap}`, "select * from ledger_commit_batch('typed', 'me')")).toEqual({ refusal: null, ranAs: [] });
  });

  it('leaves the ledger as it was, and open to others', async () => {
    expect(await post('after:1')).toEqual({ isNew: true });
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true });
    expect(await behindTheWall(db, "select count(*)::int as n from ledger_entries")).toEqual([{ n: 4 }]);
  });
});
