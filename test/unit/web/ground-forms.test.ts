import fc from 'fast-check';
import { parse } from 'parse5';
import { ABSOLUTE_MS } from '../../../src/http/index.ts';
import { KEPT_MS } from '../../../src/web/kept-forms/keep.ts';
import { markForms } from '../../../src/web/kept-forms/mark-forms.ts';
import { MARK_MS, markOf, ownerIn, ownerOf } from '../../../src/web/kept-forms/mark.ts';
import { refill, withNotice } from '../../../src/web/kept-forms/refill.ts';
import { groupsOf } from '../../../src/web/navigation.ts';
import { ownAddress } from '../../../src/web/own-address.ts';
import { testKeys } from '../../support/database.ts';

const MARKS = { page: '/here?a=1&b="', owner: () => 'MARK', kept: null };
const mark = (html: string, marks = MARKS) => markForms(html, marks);
const atIn = (html: string) => [...html.matchAll(/name="form_at" value="([^"]*)"/g)].map((match) => match[1] as string);
const page = (main: string) => `<!doctype html><html lang="en"><head><noscript><meta charset="utf-8"></noscript></head><body><main id="main">${main}</main></body></html>`;

describe('forms of a page', () => {
  it('get an id and are sent once; those into which something can be typed carry their marks', () => {
    const { html, main } = mark('<form method="post" action="/a"><button>x</button></form><form class="f" method="post" action="/b" data-module="own"><input name="x"></form>');
    expect(html).toContain('<form method="post" action="/a" id="form-1" data-module="send-once">');
    expect(html).toContain('<form class="f" method="post" action="/b" id="form-2" data-module="own send-once unsaved"><input type="hidden" name="form_page" value="/here?a=1&amp;b=&quot;">');
    expect(html.match(/form_owner/g)).toHaveLength(1);
    expect(main).toMatchObject({ id: 'form-2', method: 'post' });
  });

  it('are chosen for the language by what would be lost: saving before searching, the longer before the shorter', () => {
    const search = '<form method="get" action="/here?x=1"><input name="q"><input name="r"><input name="s"></form>';
    expect(mark(search).main).toMatchObject({ id: 'form-1', method: 'get' });
    expect(mark(`${search}<form method="post" action="/a"><textarea name="t"></textarea></form>`).main).toMatchObject({ id: 'form-2', method: 'post' });
    for (const nothing of ['<p>x</p>', '<form method="post" action="/a"><input type="hidden" name="x"><input type="password" name="p"></form>', '<form method="dialog"><input name="x"></form>', '<form method="get"><select name="language"></select></form>', '<form method="get" action="/packets/1/sets"><input name="sets"></form>']) expect(mark(nothing).main).toBeNull();
  });

  it('name their passwords and files, which are never kept', () => {
    const { html } = mark('<form method="post" action="/a" enctype="multipart/form-data"><input name="u"><input type="password" name="old"><input type="password" name="new"><input type="file" name="paper"></form>');
    expect(html).toContain('name="form_secrets" value="old new"');
    expect(html).toContain('name="form_files" value="paper"');
    expect(html).toContain('data-module="send-once unsaved upload"');
  });

  it('of the same address are told apart by what they are about, not by what is new each time', () => {
    const one = (id: string, fresh: string) => `<form method="post" action="/a"><input type="hidden" name="form_id" value="${fresh}"><input type="hidden" name="line" value="${id}"><input name="note"></form>`;
    const first = atIn(mark(one('1', 'x') + one('2', 'y') + one('2', 'z')).html);
    const second = atIn(mark(one('2', 'p') + one('1', 'q')).html);
    expect(new Set(first).size).toBe(3);
    expect(second).toEqual([first[1], first[0]]);
  });

  it('keep their own first button for the Enter key', () => {
    expect(mark('<form method="post" action="/a"><input name="x"><button class="b" name="do" value="save">Save</button><button name="do" value="add">Add</button></form>').main?.defaultButton)
      .toBe('<button type="submit" class="usa-sr-only" form="form-1" tabindex="-1" aria-hidden="true" name="do" value="save"></button>');
  });
});

describe('what was typed', () => {
  const form = '<form method="post" action="/a"><input name="one" value="old"><input type="date" name="day"><input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2"><input type="checkbox" name="c" value="x" checked><input type="checkbox" name="c" value="y">'
    + '<select name="s"><option value="">-</option><option>Two</option><option value="3" selected>Three</option></select><textarea name="t">old</textarea><input type="hidden" name="h" value="h"><input type="password" name="p"><input type="file" name="f"><input name="off" disabled value="d"></form>';
  const { html } = mark(page(`<details><summary>s</summary>${form}</details>`));
  const at = atIn(html)[0] as string;
  const give = (fields: readonly (readonly [string, string])[], where = at, hadFile = false) => refill(html, { at: where, fields, hadFile }, (left) => `<p class="notice">${left.length}</p>`);

  it('goes back into each kind of field, and into no hidden field, password or file', () => {
    const filled = give([['one', 'new'], ['day', '2026-01-02'], ['r', '2'], ['c', 'y'], ['s', 'Two'], ['t', 'line\r\ntwo'], ['h', 'changed'], ['p', 'hunter2'], ['f', 'a.pdf'], ['off', 'x']]);
    expect(filled).toContain('name="one" value="new"');
    expect(filled).toContain('name="day" value="2026-01-02"');
    expect([...filled.matchAll(/value="(\w+)" checked=""/g)].map((match) => match[1])).toEqual(['2', 'y']);
    expect(filled).toContain('<option selected="">Two</option><option value="3">Three</option>');
    expect(filled).toContain('>line\ntwo</textarea>');
    expect(filled).toContain('name="h" value="h"');
    expect(filled).toContain('<details open="">');
    for (const never of ['hunter2', 'a.pdf', 'changed']) expect(filled).not.toContain(never);
    expect(filled).toContain('<main id="main"><p class="notice">1</p>');
  });

  it('has not been touched where a field without a value and a choice without a mark come back as they were', () => {
    const untouched = mark(page('<form method="post" action="/a"><input name="n"><select name="s"><option value="">-</option><option value="1">One</option></select><textarea name="t"></textarea></form>')).html;
    const back = (fields: readonly (readonly [string, string])[]) => refill(untouched, { at: atIn(untouched)[0] as string, fields, hadFile: false }, () => '<p class="notice"></p>');
    expect(back([['n', ''], ['s', ''], ['t', '']])).toBe(untouched);
    expect(back([['n', ''], ['s', '1'], ['t', '']])).toContain('class="notice"');
  });

  it('says nothing where nothing differs, and shows as text what finds no place', () => {
    expect(give([['one', 'old'], ['day', ''], ['r', '1'], ['c', 'x'], ['s', '3'], ['t', 'old'], ['h', 'h']])).toBe(html);
    expect(give([['gone', 'kept text'], ['id', 'ref_01JD0000000000000000000000']], '/other 00000000 1')).toContain('<p class="notice">1</p>');
    expect(give([['one', 'new']], at.replace(/ \w{8} /, ' ffffffff '))).toContain('name="one" value="new"');
  });

  it('is never more than text, whatever it is', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('"><script>x</script>', '</textarea><img src=x onerror=y>', '\n', '&lt;', "' onfocus='x")), (text) => {
      const typed = text.replaceAll('\0', '');
      const shape = (source: string) => JSON.stringify(tags(parse(source)));
      expect(shape(give([['one', typed], ['t', typed], ['off', typed]]).replace(/<p class="notice">\d+<\/p>/, '').replace(' open=""', ''))).toBe(shape(give([['one', 'x'], ['t', 'x'], ['off', 'x']]).replace(/<p class="notice">\d+<\/p>/, '').replace(' open=""', '')));
    }), { numRuns: 40 });
  });

  it('is spoken of at the beginning of the content, also where there is no form any more', () => {
    expect(withNotice(page('<h1>x</h1>'), '<div>gone</div>')).toContain('<main id="main"><div>gone</div><h1>x</h1></main>');
    expect(withNotice('<p>no main</p>', '<div>gone</div>')).not.toContain('gone');
  });
});

function tags(node: object): unknown {
  const { nodeName, childNodes } = node as { nodeName: string; childNodes?: object[] };
  return [nodeName, (childNodes ?? []).filter((child) => !['#text', '#comment'].includes((child as { nodeName: string }).nodeName)).map(tags)];
}

it('a mark is ours or none, of its kind, and tells nothing of the person', () => {
  const keys = testKeys();
  const now = new Date('2026-11-22T12:00:00Z');
  const mine = markOf(keys, { user: 'usr_1' }, now);
  expect(ownerIn(keys, mine, 'lasting', now)?.equals(ownerOf(keys, { user: 'usr_1' }))).toBe(true);
  expect(mine).not.toContain('usr');
  expect(ownerIn(keys, mine, 'visit', now)).toBeNull();
  expect(ownerIn(keys, markOf(keys, { session: 'x' }, now), 'lasting', now)).toBeNull();
  for (const other of [null, '', 'A'.repeat(48), `${mine}x`, `${mine.slice(0, -2)}AA`, ['x'], mine + mine]) expect(ownerIn(keys, other, 'lasting', now)).toBeNull();
  expect(ownerOf(keys, { user: '1' }).equals(ownerOf(keys, { page: '1' }))).toBe(false);
});

it('a mark has its end: a page that was saved yesterday keeps nothing, and nobody moves the end', () => {
  const [keys, now] = [testKeys(), new Date('2026-11-22T12:00:00Z')];
  const mark = markOf(keys, { user: 'usr_1' }, now);
  const serves = (ms: number, given = mark) => ownerIn(keys, given, 'lasting', new Date(now.getTime() + ms)) !== null;
  expect([serves(0), serves(MARK_MS - 1), serves(MARK_MS), serves(MARK_MS * 400)]).toEqual([true, true, false, false]);
  expect(MARK_MS).toBe(ABSOLUTE_MS + KEPT_MS);
  const longer = Buffer.from(mark, 'base64url');
  longer.writeUInt32BE(0xffffffff, 16);
  expect(serves(0, longer.toString('base64url'))).toBe(false);
});

it('an address of ours leads to no other host, whatever is given', () => {
  fc.assert(fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.string().map((text) => `/${text}`)), (text) => {
    expect(new URL(ownAddress(text), 'https://here.test').host).toBe('here.test');
  }));
});

it('a menu that fits into one row has one; a longer one has groups, each leading to its first place', () => {
  const item = (key: string, group: string, isHere = false) => ({ key, group, href: `/${key}`, isHere });
  expect(groupsOf([item('a', 'cases')])).toEqual([{ key: '', href: '', isHere: true, items: [item('a', 'cases')] }]);
  const many = [...Array.from({ length: 6 }, (_, i) => item(`c${i}`, 'cases')), ...Array.from({ length: 6 }, (_, i) => item(`p${i}`, 'payments', i === 2))];
  expect(groupsOf(many).map(({ key, href, isHere, items }) => [key, href, isHere, items.length])).toEqual([['cases', '/c0', false, 6], ['payments', '/p0', true, 6]]);
});
