import { inTransaction } from '../../../src/platform/context.ts';
import type { TxCtx } from '../../../src/platform/context.ts';
import { pageOf, selectPage } from '../../../src/platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../src/platform/list-page.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

interface Row { readonly id: string; readonly name: string | null }

const LIST = { columns: 'l.id, l.name', from: 'pg_temp.listed l', where: `l.state = $2`, agency: 'l.agency_id', order: { name: 'l.name', id: 'l.id' }, id: 'l.id' };
const SIZES = { usual: 4, most: 5 };

const add = (tx: TxCtx, rows: readonly (readonly [id: string, name: string | null, state?: string])[]) =>
  tx.tx.query('insert into pg_temp.listed select $1, r.* from unnest($2::text[], $3::text[], $4::text[]) as r', [tx.actor.agency, rows.map(([id]) => id), rows.map(([, name]) => name), rows.map(([, , state]) => state ?? 'open')]);

async function withList(work: (tx: TxCtx, page: (by: 'name' | 'id', isDescending: boolean, asked: PageAsked) => Promise<ListPage<Row>>) => Promise<void>): Promise<void> {
  await inTransaction(testCtx(db), async (tx) => {
    await tx.tx.query('create temporary table listed (agency_id text, id text, name text, state text) on commit drop');
    // Ties, and rows without a name.
    await add(tx, Array.from({ length: 23 }, (_, at) => [`row_${String(at).padStart(2, '0')}`, at % 6 === 0 ? null : `name ${at % 4}`] as const));
    await add(tx, [['row_other', 'name 0', 'done']]);
    await work(tx, (by, isDescending, asked) =>
      pageOf(asked, SIZES, (place) => selectPage<Row, 'name' | 'id'>(tx, { ...LIST, values: [tx.actor.agency, 'open'] }, { by, isDescending }, place), ({ id }) => id));
  });
}

describe.each([['name', false], ['name', true], ['id', false], ['id', true]] as const)('a list by %s, descending %s', (by, isDescending) => {
  it('shows each row once, in order, what is nothing last', () => withList(async (_, page) => {
    const whole: Row[] = [];
    for (let [number, after]: [number, string | null] = [1, '']; after !== null; number += 1) {
      const found: ListPage<Row> = await page(by, isDescending, { page: number, after });
      expect([found.total, found.page, found.rows.length <= SIZES.usual]).toEqual([23, number, true]);
      // The same by its number alone, while nothing changes.
      expect((await page(by, isDescending, { page: number })).rows).toEqual(found.rows);
      whole.push(...found.rows);
      after = found.next;
    }
    expect([whole.length, new Set(whole.map(({ id }) => id)).size]).toEqual([23, 23]);
    if (by === 'name') expect(whole.slice(-4).map(({ name }) => name)).toEqual([null, null, null, null]);
  }));

  it('shows each row once while rows are added before and behind it, change their place or leave', () => withList(async (tx, page) => {
    const seen: string[] = [];
    const gone = new Set<string>();
    for (let [number, after]: [number, string | null] = [1, '']; after !== null; number += 1) {
      const found: ListPage<Row> = await page(by, isDescending, { page: number, after });
      seen.push(...found.rows.map(({ id }) => id));
      after = found.next;
      await add(tx, ['!', 'name 1', '~', null].map((name, at) => [`new_${number}_${at}`, name] as const));
      // What has been decided leaves the list: the row behind which the next page begins, and another that was seen.
      for (const id of [after ?? '', seen[0] ?? '']) {
        await tx.tx.query(`update pg_temp.listed set state = 'done' where id = $1`, [id]);
        gone.add(id);
      }
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of Array.from({ length: 23 }, (_, at) => `row_${String(at).padStart(2, '0')}`)) expect([id, seen.includes(id)]).toEqual([id, true]);
    expect(gone.size).toBeGreaterThan(2);
  }));
});

it('begins anew behind a row that never was, and takes no strange size or number', () => withList(async (_, page) => {
  const first = (await page('name', false, {})).rows;
  for (const after of ["'; drop table listed; --", 'row_99', '\u202E', 'x'.repeat(5_000)]) expect((await page('name', false, { after, page: 3 })).rows).toEqual(first);
  expect((await page('id', false, { page: -3, pageSize: 1_000 })).rows).toHaveLength(SIZES.most);
  expect(await page('id', false, { page: 9_999, pageSize: 0 })).toMatchObject({ rows: [], total: 23, next: null });
}));
