import { openApp } from '../../src/main.ts';
import { actorOf, createUser, listUsers } from '../../src/modules/identity/index.ts';
import { callList, listConfirmations, makePayeeLink } from '../../src/modules/payments/index.ts';
import { beginBatchCheck, buildPacket, listReferrals, listSealed, officeDays, renewWorkFigures, runBatchCheck, saveInterview } from '../../src/modules/referrals/index.ts';
import { checkAgreement, keptSuspenseTotals, outgoingFigures, renewMoneyFigures } from '../../src/modules/reconciliation/index.ts';
import type { Config } from '../../src/platform/config.ts';
import { withActor } from '../../src/platform/context.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { WEB_PASSWORD } from './web-world.ts';

const SEALED = 20;
/** The rest of the people of the story that the tests tell. */
const OTHERS = { imperial: { roles: ['attorney'], partner: null, counties: ['06025'] }, officer_la: { roles: ['partner_officer'], partner: 'mx-consulate-los-angeles', counties: 'all' }, officer_kr: { roles: ['partner_officer'], partner: 'kr-kcsa', counties: 'all' } } as const;

/**
 * Tells the story of the tests beside the caseload: something of every kind that a page shows. Gives the addresses that no link leads to.
 * The story's own files know jest, of which they need nothing here.
 */
export async function tellWebStory(config: Config, say: (text: string) => void): Promise<string[]> {
  Object.assign(globalThis, { afterAll: () => undefined });
  const [{ importSampleCases }, { tellStory }, { actFirst }] = await Promise.all([import('../../test/http/web/sample-cases.ts'), import('../../test/browser/story.ts'), import('../../test/support/web-quality/acts.ts')]);
  const app = await openApp(config);
  try {
    const { ctx } = app;
    for (const [userName, { roles, partner, counties }] of Object.entries(OTHERS)) {
      await createUser(ctx, { roles: [...roles], partner, counties: counties === 'all' ? 'all' : [...counties], userName, password: WEB_PASSWORD, displayName: userName, language: 'en' });
    }
    await importSampleCases(ctx);
    const story = await tellStory(ctx);
    const behindActs = await actFirst(ctx, story);
    await sealMore(ctx);
    say('the story of every page');
    return [...behindActs, ...Object.values(story).map((one) => String(one)).filter((one) => one !== '').map((one) => (one.startsWith('/') ? one : `/referrals/${one}`)), ...await payeeAddress(ctx)];
  } finally {
    await app.close();
  }
}

async function sealMore(ctx: Ctx): Promise<void> {
  let sealed = 0;
  for (let page = 1; sealed < SEALED && page < 30; page++) {
    const { rows } = await listReferrals(ctx, { page, pageSize: 25 });
    for (const { referralId, status } of rows) {
      if (sealed >= SEALED || status !== 'draft') continue;
      await saveInterview(ctx, referralId, { language: 'en', answers: { sections: { obligor_means: { note: '' } } } }).catch(() => undefined);
      sealed += await buildPacket(ctx, referralId).then(() => 1, () => 0);
    }
  }
}

async function payeeAddress(ctx: Ctx): Promise<string[]> {
  const known = [...(await callList(ctx, {})).rows, ...(await listConfirmations(ctx, {})).rows];
  for (const { disbursementId } of known) {
    const made = await makePayeeLink(await asPerson(ctx, 'reconciler'), disbursementId).catch(() => null);
    if (made) return [new URL(made.path, 'http://here').pathname];
  }
  return [];
}

async function asPerson(ctx: Ctx, userName: string): Promise<Ctx> {
  const users = await listUsers(ctx);
  return withActor(ctx, await actorOf(ctx, users.find((one) => one.userName === userName)?.userId ?? ''));
}

/** What jobs do in a county at work, done once: figures counted, sealed referrals looked at. Gives the address that shows these. */
export async function doWorkOfJobs(config: Config): Promise<string[]> {
  const app = await openApp(config);
  try {
    await renewWorkFigures(app.ctx);
    await renewMoneyFigures(app.ctx);
    await checkAgreement(app.ctx, { freshness: 'renewed' });
    await outgoingFigures(app.ctx, officeDays, {}, 'renewed');
    await keptSuspenseTotals(app.ctx, 'renewed');
    const attorney = await asPerson(app.ctx, 'attorney');
    const { rows } = await listSealed(attorney, { partnerId: null, sort: 'due', isDescending: false, offset: 0, limit: 50 });
    const ids = rows.map(({ referralId }) => referralId);
    if (ids.length === 0) return [];
    await runBatchCheck(attorney, await beginBatchCheck(attorney, ids), ids);
    return [`/batch/check?of=${ids.join(',')}`];
  } finally {
    await app.close();
  }
}
