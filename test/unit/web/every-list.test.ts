import { globSync, readFileSync } from 'node:fs';

/**
 * Every table and every row of cards in a template is a list, which sorts, is narrowed, pages and is handed out as a file; or it stands here with the reason
 * why it is none of that. Each is named by its template and by what it goes through.
 */
const NO_LIST: Readonly<Record<string, string>> = {
  // What a single thing consists of: a handful, shown whole, in the order in which it is read.
  'attorney/case/page#it.referrals': 'the requests of one case', 'attorney/case/page#it.people': 'the people of one case', 'attorney/case/page#order.obligations': 'the obligations of one order', 'attorney/case/page#supportCase.balances': 'the balances of one case',
  'attorney/check/page#it.content.parties': 'the people of one request', 'attorney/parties/page#it.parties': 'the people of one request', 'attorney/attachments/page#it.current': 'the papers of one request', 'attorney/attachments/page#it.former': 'the papers of one request',
  'parts/packets#it.packets': 'the packets of one request', 'attorney/interview/page#it.steps': 'the steps of one interview', 'anyone/steps/page#it.clocks': 'the clocks of one request', 'officer/check/page#check.entries': 'the files in one container',
  'reconciler/order/page#it.lines': 'the lines of one order, which go to the bank together', 'reconciler/confirmation/page#it.heard': 'what was said about one payment', 'reconciler/suspense-item/earlier#item.line.earlier': 'what was decided on one line',
  'reconciler/suspense-item/sides#sides.rows': 'one line beside its candidates, datum by datum', 'reconciler/day/page#it.checks': 'the checks of one day', 'reconciler/day/page#it.seen.versions': 'the closes of one day', 'reconciler/run/page#it.story.files': 'the files of one run',
  'parts/changes#it.changes': 'what one change changes, looked at as a whole before it counts', 'administrator/glossary-import/page#it.changes': 'what one import changes, looked at as a whole before it counts', 'supervisor/who-saw/page#it.found.persons': 'a few of whom one is meant',
  'parts/application-drafts#it.drafts': 'what one person has not finished yet', 'officer/inbox/page#it.waiting': 'what an office was asked and has not answered: on top until it has',
  // What was chosen before, in the order of the choice, and no more than the fifty that one can choose.
  'attorney/batch-check/page#it.ready': 'what was chosen', 'reconciler/suspense-many/page#row.names': 'what was chosen', 'attorney/batch-check/page#it.refused': 'what was chosen', 'attorney/batch-result/page#it.items': 'what was sent together', 'anyone/work/page#it.notDone': 'what one work left undone: read from top to bottom, page by page',
  // A few lines of something larger, which has its own list.
  'officer/offer/page#it.shown.columns': 'the first lines of a file, as they are', 'parts/mapping-form#it.rows': 'the first lines of a file, as they are', 'officer/lists/page#it.received': 'the newest lists, to be answered', 'attorney/queue/page#it.held': 'what one person has taken',
  'attorney/queue/page#it.overseen.workers': 'who has taken how much',
  // Figures: each line is a sum, and their order is their meaning.
  'administrator/home/page#it.cards': 'the places of the administration', 'administrator/home/page#it.kits': 'how much of each kit is to be confirmed; the list is a page of its own', 'reconciler/day/page#it.balances': 'the sums of one day, account by account', 'reconciler/day/page#it.seen.late': 'the sums of what came late, account by account',
  'reconciler/run/page#it.story.movements': 'the sums of one run', 'reconciler/statement/page#rows': 'the sums of a statement', 'reconciler/statement/page#it.months': 'the sums of a statement, month by month', 'reconciler/outgoing/page#it.totals': 'sums by state', 'reconciler/outgoing/page#it.clocks': 'sums by deadline',
  'reconciler/outgoing/page#it.months': 'sums by month', 'reconciler/outgoing/page#it.hops': 'sums by way', 'supervisor/overview/page#heads': 'figures beside their chart, each with a file of its own',
  // What the program brings.
  'anyone/help/page#it.forms': 'the forms of a packet, in the order of the packet', 'anyone/help/page#it.clocks': 'the deadlines that an officer meets', 'anyone/help/page#it.topics': 'the topics of help', 'reconciler/pickup/page#it.folders': 'the folders that an operator set up',
  // Lists that are a list only in part.
  'attorney/queue/page#it.cases': 'a segment of all cases pages and is a file; it is found by going through them in the order of their numbers, and another order would have to read them all',
};

/** Lists that nothing narrows, and why. */
const NOT_NARROWED: Readonly<Record<string, string>> = {};

const ROOT = new URL('../../../src/web/', import.meta.url);
const templates = globSync('**/*.eta', { cwd: ROOT }).sort().map((file) => ({ name: file.replace(/\.eta$/u, ''), text: readFileSync(new URL(file, ROOT), 'utf8') }));
const BEGINNINGS = /<table\b|<ul class="[^"]*\bpu-cards\b[^"]*">/gu;
/** A list of cards is ordered by what stands above it. */
const ABOVE = 260;

interface Shown { readonly name: string; readonly isOrdered: boolean }

function shownIn({ name, text }: { name: string; text: string }): Shown[] {
  return [...text.matchAll(BEGINNINGS)].map(({ 0: begin, index }) => {
    const block = text.slice(index, text.indexOf(begin === '<table' ? '</table>' : '</ul>', index));
    const through = /for \(const[^)]* of ([\w.]+)/u.exec(block)?.[1] ?? /([\w.]+)\.forEach/u.exec(block)?.[1] ?? '';
    return { name: `${name}#${through}`, isOrdered: block.includes("'/parts/heads'") || text.slice(Math.max(0, index - ABOVE), index).includes("'/parts/orders'") };
  });
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

it('knows of every table and every row of cards whether it is a list', () => {
  const unknown = templates.flatMap(shownIn).filter(({ name, isOrdered }) => !isOrdered && !(name in NO_LIST));
  expect(unknown.map(({ name }) => name)).toEqual([]);
});

it('excuses none that is a list by now, or is gone', () => {
  const rows = new Map(templates.flatMap(shownIn).map((row) => [row.name, row]));
  expect(Object.keys(NO_LIST).filter((name) => rows.get(name)?.isOrdered !== false)).toEqual([]);
});

const lists = templates.map((template) => ({ ...template, lists: shownIn(template).filter(({ name, isOrdered }) => isOrdered && !(name in NO_LIST)).length })).filter((template) => template.lists > 0);

it.each(lists.map((template) => [template.name, template] as const))('%s pages, is narrowed and is handed out as a file', (name, { text, lists: expected }) => {
  // A part is a list on each page that shows it, and what stands around it is there.
  const around = name.startsWith('parts/') ? templates.filter((page) => page.text.includes(`'/${name}'`)).map((page) => page.text) : [text];
  for (const page of around) {
    // A function of the template that puts pages and file under each of its lists is counted by its calls.
    const under = page.includes('const under =') ? count(page, /\bunder\(/gu) - 1 : 0;
    expect(under + count(page + (page === text ? '' : text), /'\/parts\/pages'/gu)).toBeGreaterThanOrEqual(expected);
    expect(under + count(page, /'\/parts\/csv'|it\.exportAddress/gu)).toBeGreaterThanOrEqual(expected);
    if (!(name in NOT_NARROWED)) expect(page).toMatch(/'\/parts\/(?:choices|partner-filter)'|class="pu-search|class="pu-filter|<search>/u);
  }
});
