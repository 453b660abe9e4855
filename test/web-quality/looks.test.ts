import { globSync, readFileSync } from 'node:fs';
import { PAGES } from '../../src/web/pages.ts';
import { pathOf } from '../support/web-quality/spider.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');

type State = 'filled' | 'empty' | 'error';

/** The looks as they are written down: which page, in which state. */
const looks = globSync('test/browser/looks*.ts', { cwd: ROOT }).flatMap((file) => textOf(file).split(/(?=\{\s*name: ['`]|\b(?:refused|answered)\()/u).slice(1).map(lookIn));

function lookIn(source: string): { page: string | null; state: string } {
  const [, how, sent] = /^(refused|answered)\('([^']+)'/u.exec(source) ?? [];
  if (sent) return { page: sent, state: how === 'refused' ? 'error' : 'filled' };
  const address = /\bpath: (?:\([^)]*\) => )?['`]([^'`]+)['`]/u.exec(source)?.[1]?.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/gu, 'x');
  return { page: /\bpage: '([^']+)'/u.exec(source)?.[1] ?? (address === undefined ? null : pathOf(address)), state: /\bstate: '(\w+)'/u.exec(source)?.[1] ?? 'filled' };
}
const isLookedAt = (page: string, state: State): boolean => looks.some((look) => look.page === page && look.state === state);

/** Reading them gives a file, a picture or events. */
const FILES = /\.(?:csv|png)$|\/(?:pdf|events|file|xml|json|sheet|container|sets|draft|certificate|message)$|\/paper\/:version$|\/papers\/:position$|^\/receipts\/:receiptId$|^\/lists\/:annotatedFileId$/u;
const DRAWN_LIKE_A_FILE = ['/administration/partners/:partnerId/json'];
/** Addresses of forms: reading them leads back to the page that the form stands on, or draws that page. */
const FORMS_ONLY = [
  '/account-alarms', '/account/language', '/account/password', '/account/sessions', '/administration/glossary-import/confirm', '/administration/partners/new', '/agreements/:agreementId/approve', '/agreements/:agreementId/end', '/agreements/:agreementId/refuse', '/agreements/:agreementId/versions',
  '/applications/:applicationId/accept', '/applications/:applicationId/link', '/applications/:applicationId/more', '/applications/:applicationId/refuse', '/apply/:applicationId/papers', '/asked/:inquiryId/consent', '/asked/:inquiryId/withdraw', '/conversations/:conversationId/documents/draft', '/conversations/:conversationId/documents/paper',
  '/audit-log/verify', '/clients/keys/new', '/clients/new', '/clients/rotate', '/incoming/:incomingId/accept', '/incoming/:incomingId/again', '/incoming/:incomingId/refuse', '/inquiries/:inquiryId/answer', '/inquiries/:inquiryId/confirm', '/inquiries/:inquiryId/decline',
  '/language', '/lists/offers/:offerId/columns', '/lists/offers/:offerId/send', '/messages/:messageId/discard', '/messages/:messageId/release', '/overview/renew', '/queue/reassign', '/queue/return', '/queue/take',
  '/referrals/:referralId/attachments/:attachmentId/remove', '/referrals/:referralId/attachments/:attachmentId/replace', '/referrals/:referralId/attachments/:attachmentId/restore', '/referrals/:referralId/attachments/:attachmentId/review', '/referrals/:referralId/attachments/:attachmentId/translation',
  '/referrals/:referralId/recall', '/referrals/:referralId/seal', '/referrals/:referralId/steps/arrived', '/sign-out', '/translations/:referralId/:textId/approve', '/translations/:referralId/:textId/declare', '/translations/:referralId/:textId/return', '/translations/take',
  '/users/:userId/change', '/users/:userId/reopen', '/users/:userId/sessions',
];
/** Leads on, or draws nothing at all. */
const NO_PAGES = ['/', '/stay', '/suspense/:itemKey/next', '/suspense/:itemKey/previous'];

/** Lists that no installation has empty: they come with the program, or with the day. */
const NEVER_EMPTY = ['/administration/data', '/days', '/partners'];

/** Forms that cannot come back with something to mend, and why. */
const NEVER_WRONG: Readonly<Record<string, readonly string[]>> = {
  'one button and nothing typed: it happens, or the page of errors says why not': [
    '/account-alarms', '/account/language', '/account/sessions', '/apply/drafts/:draftId/discard', '/agreements/:agreementId/approve', '/agreements/:agreementId/refuse', '/asked/:inquiryId/withdraw', '/audit-log/verify', '/clients/keys/revoke', '/clients/revoke', '/clients/rotate', '/confirmations/:disbursementId/link', '/days/:day/sign',
    '/deliveries/:messageId/resend', '/deliveries/:messageId/seen', '/administration/partners/:partnerId/versions/:version', '/administration/partners/:partnerId/drop', '/incoming/:incomingId/again', '/inquiries/:inquiryId/confirm', '/language', '/lists/make',
    '/messages/:messageId/discard', '/messages/:messageId/release', '/overview/renew', '/queue/reassign', '/queue/return', '/queue/take', '/referrals/:referralId/attachments/:attachmentId/remove', '/referrals/:referralId/attachments/:attachmentId/restore',
    '/referrals/:referralId/attachments/:attachmentId/review', '/referrals/:referralId/recall', '/referrals/:referralId/steps/arrived', '/reminders/:reminderId/drop', '/reminders/:reminderId/settle', '/sign-out', '/translations/take',
    '/users/:userId/reopen', '/users/:userId/sessions', '/users/:userId/close', '/users/:userId/reset', '/applications/:applicationId/accept', '/translations/:referralId/:textId/approve',
  ],
  'only where somebody was faster, or in a rare state of what it is about, as the http tests of its page prove': [
    '/administration/glossary-import/confirm', '/conversations/:conversationId/documents/draft', '/conversations/:conversationId/documents/paper', '/lists/offers/:offerId/send', '/orders/:orderId', '/referrals/:referralId/texts', '/translations/:referralId/:textId', '/days/:day', '/days/:day/reopen', '/deliveries/:messageId/dispatch', '/deliveries/:messageId/return', '/referrals/:referralId/send', '/translations/:referralId/:textId/return',
  ],
};
const NEVER_WRONG_PATHS = Object.values(NEVER_WRONG).flat();

const LISTS = globSync('src/web/**/page.ts', { cwd: ROOT }).map(textOf).filter((source) => /wantsCsv\(/u.test(source)).map((source) => source.slice(0, source.indexOf('wantsCsv(')).match(/(?<=path: ')[^']+/gu)?.at(-1) ?? /path: '([^']+)'/u.exec(source)?.[1] ?? '');

it('every page is looked at in a real browser', () => {
  const drawn = PAGES.filter(({ path, get }) => get && (DRAWN_LIKE_A_FILE.includes(path) || !FILES.test(path)) && !FORMS_ONLY.includes(path) && !NO_PAGES.includes(path));
  expect(drawn.map(({ path }) => path).filter((path) => !isLookedAt(path, 'filled'))).toEqual([]);
});

it('every list is looked at when there is nothing in it', () => {
  expect(LISTS.filter((path) => !NEVER_EMPTY.includes(path) && !isLookedAt(path, 'empty'))).toEqual([]);
});

it('every form is looked at as it comes back with what is wrong', () => {
  expect(PAGES.filter(({ path, post }) => post && !NEVER_WRONG_PATHS.includes(path)).map(({ path }) => path).filter((path) => !isLookedAt(path, 'error'))).toEqual([]);
});

it('excepts no page that is not there, and none that is looked at', () => {
  const paths = PAGES.map(({ path }) => path);
  expect([...DRAWN_LIKE_A_FILE, ...FORMS_ONLY, ...NO_PAGES, ...NEVER_EMPTY, ...NEVER_WRONG_PATHS].filter((path) => !paths.includes(path))).toEqual([]);
  expect(NEVER_WRONG_PATHS.filter((path) => isLookedAt(path, 'error'))).toEqual([]);
});
