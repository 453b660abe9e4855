import { createUser } from '../../src/modules/identity/index.ts';
import { apiRouter } from '../../src/api/v1/index.ts';
import { startWeb } from '../../src/web/index.ts';
import { addAttachment, buildPacket, createReferral, sendReferral } from '../../src/modules/referrals/index.ts';
import { reconcileSamplePayments } from '../http/web/sample-payments.ts';
import { importSampleCases, SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { operatorOf, PASSWORD, PEOPLE } from '../http/web/web-site.ts';
import { testDatabase } from '../support/database.ts';
import { aLockedPaper, aPaper, aPhotograph } from '../support/referrals/paper-files.ts';
import { openVisitor } from './browser.ts';
import { tellConversations } from './story-of-conversations.ts';
import type { ToldConversations } from './story-of-conversations.ts';
import { tellClients } from './story-of-clients.ts';
import { tellCounter } from './story-of-counter.ts';
import { tellIncoming } from './story-of-incoming.ts';
import { tellLists } from './story-of-lists.ts';
import { tellTexts } from './story-of-texts.ts';
import type { Visitor } from './browser.ts';
import type { BrowserContextOptions } from 'playwright-core';
import { listRunLines, listRuns, listSuspense, unmatchLine } from '../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { AppError } from '../../src/platform/errors.ts';

export interface ServedSite {
  readonly url: string;
  readonly ctx: Ctx;
  readonly story: Story;
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  signIn(visitor: Visitor, who: string): Promise<void>;
}

/** What the pages show: referrals in every state, and a reconciled report. */
export interface Story extends ToldConversations {
  draft: string;
  blocked: string;
  sealed: string;
  sent: string;
  sentToKorea: string;
  run: string;
  suspenseItem: string;
  /** Address of a list whose columns nobody has told. */
  waitingList: string;
  /** Addresses of a text half translated, and of one to approve. */
  text: string;
  textToApprove: string;
  incoming: string;
  incomingNew: string;
  incomingRefused: string;
  /** A question that was answered, one that a person answers, and an application. */
  asked: string;
  askedInVain: string;
  application: string;
}

async function tellStory(ctx: Ctx): Promise<Story> {
  const refer = async (caseId: string, partnerId: string, services: string[]) => (await createReferral(ctx, { caseId, partnerId, services })).referralId;
  const { plain, protected: hidden, korean, closed } = SAMPLE_CASES;
  const story = {
    draft: await refer(plain.caseId, 'mx-consulate-los-angeles', ['locate']),
    blocked: await refer(closed.caseId, 'mx-consulate-los-angeles', ['enforce', 'locate', 'modify']),
    sealed: await refer(korean.caseId, 'kr-kcsa', ['locate', 'status']),
    sent: await refer(hidden.caseId, 'mx-consulate-los-angeles', ['enforce', 'collect_forward']),
    sentToKorea: await refer(korean.caseId, 'kr-kcsa', ['locate']),
  };
  for (const referralId of [story.sealed, story.sent, story.sentToKorea]) await buildPacket(ctx, referralId);
  await attach(ctx, story.blocked);
  await sendReferral(ctx, story.sent);
  await sendReferral(ctx, story.sentToKorea, { approver: 'Deputy Director' });
  const texts = await tellTexts(ctx, story.sealed, story.draft);
  const run = await reconcileSamplePayments(ctx);
  await tellClients(ctx);
  return { ...story, ...texts, ...await tellConversations(ctx, story.sent, story.sentToKorea), ...await tellIncoming(ctx), ...await tellCounter(ctx), ...await tellLists(ctx), run, suspenseItem: await tellSuspense(ctx) };
}

/** One line in suspense with a case beside it, and what was posted waiting to be un-matched. */
async function tellSuspense(ctx: Ctx): Promise<string> {
  const { rows } = await listSuspense(ctx, { kind: 'line' }, () => true);
  const [run] = (await listRuns(ctx)).runs;
  const [posted] = (await listRunLines(ctx, run?.runId ?? '', { outcome: 'posted' })).lines;
  await unmatchLine(ctx, { itemKey: `line-${posted?.fileId ?? ''}-${posted?.line ?? 0}`, reason: 'wrong_case', note: 'No es la misma familia' });
  return `/suspense/${rows[0]?.itemKey ?? ''}?search=${SAMPLE_CASES.plain.caseId}`;
}

/** Two papers that are taken, and one that is not. */
async function attach(ctx: Ctx, referralId: string): Promise<void> {
  const add = (kind: string, fileName: string, source: Buffer, title: string | null) => addAttachment(ctx, referralId, { kind, participantId: 'p3', fileName, source, title, language: 'es-MX' });
  await add('mx_birth_certificate', 'acta de Lucía.pdf', await aPaper('Acta'), 'copia certificada');
  await add('photograph_child', 'IMG_0001.JPG', aPhotograph(), null);
  await add('other', 'locked.pdf', await aLockedPaper(), null).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The application on a port of its own, with people and cases, and browsers that look at it. */
export async function serveSite(): Promise<ServedSite> {
  const db = await testDatabase();
  const plain = await operatorOf(db);
  const ctx: Ctx = { ...plain, config: { ...plain.config, port: 0, host: '127.0.0.1' } };
  for (const [userName, person] of Object.entries(PEOPLE)) await createUser(ctx, { ...person, userName, password: PASSWORD, language: 'en' });
  await importSampleCases(ctx);
  const story = await tellStory(ctx);
  const web = await startWeb(ctx, [apiRouter(ctx)]);
  opened.push(() => web.close());
  return {
    url: web.url,
    ctx,
    story,
    async visitor(options) {
      const visitor = await openVisitor(web.url, { baseURL: web.url, viewport: { width: 1280, height: 900 }, ...options });
      opened.push(() => visitor.close());
      return visitor;
    },
    async signIn({ page }, who) {
      await page.goto('/sign-in');
      await page.fill('#user_name', who);
      await page.fill('#password', PASSWORD);
      await page.click('form.pu-form button[type=submit]');
    },
  };
}
