import { addAttachment, buildPacket, createReferral, sendReferral } from '../../src/modules/referrals/index.ts';
import { listRunLines, listRuns, listSuspense, unmatchLine } from '../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { AppError } from '../../src/platform/errors.ts';
import { reconcileSamplePayments } from '../http/web/sample-payments.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { aLockedPaper, aPaper, aPhotograph } from '../support/referrals/paper-files.ts';
import { tellConversations } from './story-of-conversations.ts';
import type { ToldConversations } from './story-of-conversations.ts';
import { tellClients } from './story-of-clients.ts';
import { tellCounter } from './story-of-counter.ts';
import { tellIncoming } from './story-of-incoming.ts';
import { tellLists } from './story-of-lists.ts';
import { tellTexts } from './story-of-texts.ts';

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
  /** Begun at a counter and not filed. */
  applicationDraft: string;
}

/** Tells the common story to a database that has the sample cases. */
export async function tellStory(ctx: Ctx): Promise<Story> {
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
