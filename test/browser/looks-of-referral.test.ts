import { beginBatchCheck, buildPacket, createReferral, runBatchCheck } from '../../src/modules/referrals/index.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import type { Visitor } from './browser.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';
import type { ServedSite } from './site.ts';

const made = { sealed: '', packet: '' };

/** A sealed packet with a protected person. */
async function prepare({ ctx }: ServedSite): Promise<void> {
  const sealed = await createReferral(ctx, { caseId: SAMPLE_CASES.protected.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  const { packetId } = await buildPacket(ctx, sealed.referralId);
  await runBatchCheck(ctx, await beginBatchCheck(ctx, [sealed.referralId]), [sealed.referralId]);
  Object.assign(made, { sealed: sealed.referralId, packet: packetId });
}

/** Sends the form as it is, past what the browser itself would ask for. */
const sendAsItIs = async (page: Visitor['page']): Promise<void> => {
  await page.$eval('main form[method=post]:not(.pu-person)', (form) => form.setAttribute('novalidate', ''));
  await Promise.all([page.waitForNavigation(), page.click('main form[method=post] button[type=submit]')]);
};
const uncheckAndSend = async (page: Visitor['page']): Promise<void> => {
  for (const box of await page.$$('main input[type=checkbox]:checked')) await box.evaluate((input) => { (input as unknown as { checked: boolean }).checked = false; });
  await sendAsItIs(page);
};

const attorney: readonly Look[] = [
  { name: 'parties', path: () => `/referrals/${made.sealed}/parties` },
  { name: 'parties-missing', path: (story) => `/referrals/${story.blocked}/parties` },
  { name: 'services', path: () => `/referrals/${made.sealed}/services` },
  { name: 'services-none', state: 'error', path: (story) => `/referrals/${story.draft}/services`, act: uncheckAndSend },
  { name: 'check', path: () => `/referrals/${made.sealed}/check` },
  { name: 'preview', path: (story) => `/referrals/${story.draft}/preview?page=2` },
  { name: 'sign-blocked', path: (story) => `/referrals/${story.blocked}/sign?problem=packet.incomplete` },
  { name: 'send', path: () => `/referrals/${made.sealed}/send?done=sealed` },
  { name: 'confirmation', path: (story) => `/referrals/${story.sent}/sent` },
  { name: 'packet-check', path: () => `/packets/${made.packet}/check` },
  { name: 'pages', path: () => `/packets/${made.packet}/pages` },
  { name: 'pages-large', path: () => `/packets/${made.packet}/pages?page=2&size=large` },
  { name: 'withdraw', path: () => `/referrals/${made.sealed}/steps?move=withdraw` },
  { name: 'batch', path: '/batch' },
  { name: 'batch-none', state: 'empty', path: '/batch?partner=mx-sre' },
  { name: 'batch-check', path: (story) => `/batch/check?referral=${made.sealed}&referral=${story.draft}&referral=${story.sent}` },
  { name: 'batch-check-unconfirmed', state: 'error', path: () => `/batch/check?referral=${made.sealed}`, act: sendAsItIs },
  { name: 'batch-unknown', path: '/batches/snd_none', status: 404 },
];

lookAt({ attorney, officer_la: [{ name: 'pages-not-sent', path: () => `/packets/${made.packet}/pages`, status: 404 }] }, prepare);
