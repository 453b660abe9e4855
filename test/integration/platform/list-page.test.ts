import { inTransaction } from '../../../src/platform/context.ts';
import type { TxCtx } from '../../../src/platform/context.ts';
import { byName, foldedSql } from '../../../src/platform/list-order.ts';
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

it.each([false, true])('orders names as in a dictionary of Spanish and Korean, descending %s, over all pages', (isDescending) => withList(async (tx) => {
  const names = ['Zoé', 'Ñandú', 'nadie', 'Nube', 'ángel', 'Angel', 'Ana', '김철수', '가영', 'Lee', '박', 'Ölz', 'oz', 'ñu', 'Núñez', 'Nunez', '한', '李', '😀', '\u202Eabc', 'a'.repeat(128), 'O’Neil'];
  await add(tx, names.map((name, at) => [`called_${at}`, name, 'called'] as const));
  const seen: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const found: ListPage<Row> = await pageOf({ after }, SIZES, (place) => selectPage<Row, 'called'>(tx, { ...LIST, order: { called: byName('l.name') }, values: [tx.actor.agency, 'called'] }, { by: 'called', isDescending }, place), ({ id }) => id);
    seen.push(...found.rows.map(({ name }) => name ?? ''));
    after = found.next;
  }
  expect([...seen].sort()).toEqual([...names].sort());
  const { compare } = new Intl.Collator('es');
  const expected = ['Ana', 'Angel', 'ángel', 'Lee', 'nadie', 'Nube', 'Ñandú', 'ñu', 'Ölz', 'oz', 'Zoé', '가영', '김철수', '박', '한'];
  expect([...expected].sort(compare)).toEqual(expected);
  expect(seen.filter((name) => expected.includes(name))).toEqual(isDescending ? [...expected].reverse() : expected);
  const found = async (sought: string): Promise<string[]> => (await tx.tx.query<{ name: string }[]>(`select name from pg_temp.listed where state = 'called' and strpos(${foldedSql('name')}, ${foldedSql('$1::text')}) > 0`, [sought])).map(({ name }) => name).sort();
  expect([await found('NUNEZ'), await found('Ángel'), await found('김'), await found('ㄱ')]).toEqual([['Nunez', 'Núñez'], ['Angel', 'ángel'], ['김철수'], []]);
}));
