import { fileURLToPath } from 'node:url';
import { textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import type { Block, Line, Pair } from '../../../src/modules/referrals/documents/document.rules.ts';
import { pdfPool } from '../../../src/platform/pdf/pool.ts';
import { renderPdf } from '../../../src/platform/pdf/render.ts';
import type { PdfJob } from '../../../src/platform/pdf/render.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

const templates = fileURLToPath(new URL('../../../src/modules/referrals/documents/layout', import.meta.url));
const line = (text: string, lang = 'en-US', style?: Line['style']): Line => ({ text, lang, ...(style ? { style } : {}) });
const pair = (left: string, right: string): Pair => ({ left: [line(left)], right: [line(right, 'ko-KR')] });
const heads = ['Month', 'Charged', 'Adjusted', 'Paid', 'To current support', 'To principal', 'To interest', 'Principal balance', 'Interest charged', 'Interest balance'];
const number = (row: number, column: number): string => `${row + 1},${String(column).padStart(3, '0')},${String(row).padStart(3, '0')}.${10 + column}`;
const grid = (rows: number): Block => ({
  kind: 'grid', columns: heads.map((head, index) => ({ heading: [line(head), line('원금에 충당된 금액', 'ko-KR', 'small')], share: 1, align: index === 0 ? 'left' : 'right' })),
  rows: Array.from({ length: rows }, (_, row) => [[line(`20${10 + Math.floor(row / 12)}-${row % 12 + 1}`)], ...heads.slice(1).map((_, column) => [line(number(row, column))])]),
});
const blocks: readonly Block[] = [
  { kind: 'document', id: 'list', title: pair('List of documents', '서류 목록') },
  { kind: 'contents', headings: { number: [line('No.')], title: [line('Document')], firstPage: [line('First page')], pages: [line('Pages')] },
    rows: [{ id: 'list', title: pair('List of documents', '서류 목록'), note: null }, { id: 'arrears', title: pair('Statement of arrears', '미지급 양육비 진술서'), note: pair('A note', '비고') }, { id: 'elsewhere', title: pair('Certified order', '결정문'), note: null }] },
  { kind: 'document', id: 'arrears', title: pair('Statement of arrears', '미지급 양육비 진술서') },
  { kind: 'heading', level: 1, ...pair('Statement of arrears', '미지급 양육비 진술서') },
  grid(120),
  { kind: 'document', id: 'testimony', title: pair('Testimony', '증언') },
  { kind: 'choices', rows: [{ pair: pair('Married', '혼인'), isOn: true }, { pair: pair('Divorced', '이혼'), isOn: false }] },
  { kind: 'segments', heading: pair('English', '한국어'), rows: Array.from({ length: 50 }, (_, index) => pair(`Sentence ${index} of the statement.`, `진술의 ${index}번째 문장입니다.`)) },
  { kind: 'fields', keep: false, heading: pair('Child', '자녀'), rows: [{ label: pair('Name', '성명'), value: pair('W'.repeat(128), '김'.repeat(128)) }, { label: pair('Digest', '해시'), value: pair('0f3a'.repeat(16), '0f3a'.repeat(16)) }] },
  { kind: 'signature', oath: pair('I swear.', '선서합니다.'), rows: [pair('Signature', '서명'), pair('Date', '날짜')] },
];
const job: PdfJob = {
  templates, main: 'bilingual.typ', madeAt: new Date('2026-11-20T00:00:00Z'),
  data: { title: 'Test', author: 'Office', lang: 'en-US', paper: 'us-letter', header: { left: [line('Office')], right: [line('pkt_1')] }, footer: [line('No federal form')], pageMark: [line('Page {page} of {pages}')], attachments: {}, blocks },
};
const squeezed = (text: string): string => text.replace(/[\s\u200b]+/gu, '');

it('prints every text of every kind of block, and never breaks a number of a table', async () => {
  const { pages } = await readPdf(renderPdf(job).bytes);
  const text = squeezed(pages.join(''));
  expect(textsOf(blocks).filter((one) => !text.includes(squeezed(one)))).toEqual([]);
  const runs = pages.join(' ').split(/\s+/u);
  expect(Array.from({ length: 120 }, (_, row) => number(row, 7)).filter((one) => !runs.includes(one))).toEqual([]);
});

it('tells where each document begins and how many pages it has, says so in the list, and on every page', async () => {
  const { documents, pages, bytes } = renderPdf(job);
  expect(documents.map(({ id }) => id)).toEqual(['list', 'arrears', 'testimony']);
  expect(documents[0]).toEqual({ id: 'list', firstPage: 1, pages: 1 });
  expect(documents.reduce((sum, one) => sum + one.pages, 0)).toBe(pages);
  const [, arrears] = documents;
  const read = await readPdf(bytes);
  expect(read.pages).toHaveLength(pages);
  expect(squeezed(read.pages[0] ?? '')).toContain(squeezed(`A note 비고 ${arrears?.firstPage} ${arrears?.pages}`));
  expect(read.pages[1]).toContain(`1/${arrears?.pages}`);
  expect(read.pages.every((page, index) => page.includes(`Page ${index + 1} of ${pages}`))).toBe(true);
});

it('repeats the head of a table on each of its pages', async () => {
  const { pages } = await readPdf(renderPdf(job).bytes);
  const ofTable = pages.filter((page) => /\d,\d{3},\d{3}\.\d\d/u.test(page));
  expect(ofTable.length).toBeGreaterThan(1);
  expect(ofTable.every((page) => page.includes('Adjusted'))).toBe(true);
});

it('sets a reading copy for screens beside the one that is kept, each the same bytes every time', async () => {
  const [kept, reading] = [renderPdf(job).bytes, renderPdf(job, 'ua-1').bytes];
  expect((await readPdf(kept)).metadata).toMatch(/<pdfaid:part>3</);
  const read = await readPdf(reading);
  expect(read.metadata).toMatch(/<pdfuaid:part>1</);
  expect(read.metadata).not.toMatch(/pdfaid/);
  expect(read.isTagged).toBe(true);
  expect(renderPdf(job, 'ua-1').bytes.equals(reading)).toBe(true);
  expect(renderPdf(job).bytes.equals(kept)).toBe(true);
});

it('sets the same bytes in another process', async () => {
  const pool = pdfPool({ workers: 1 });
  try {
    const pdf = await pool.render(job, 'ua-1');
    expect(pdf.bytes.equals(renderPdf(job, 'ua-1').bytes)).toBe(true);
    expect(pdf.documents).toHaveLength(3);
    await expect(pool.render({ ...job, main: 'missing.typ' })).rejects.toThrow('fault: template missing.typ');
  } finally {
    await pool.close();
  }
});
