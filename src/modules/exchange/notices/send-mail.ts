import { getPartner, partnerName } from '../../partners/index.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { hasWords, translator } from '../../../platform/i18n.ts';
import { noticesOf } from '../delivery/delivery.rules.ts';
import { waitingFor } from './notice.store.ts';
import type { NoticeRow } from './notice.store.ts';
import type { Told } from './told.types.ts';

const TIMEOUT_MS = 15_000;
// One recipient, nothing that a header could be broken with.
const ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}$/;

/** What a mail says: how much waits and where to look, in English and the partner's language. No name, no case, no file. */
export function mailText(given: { readonly languages: readonly string[]; readonly count: number; readonly link: string | null }): { readonly subject: string; readonly text: string } {
  const known = given.languages.filter((language) => hasWords(language, 'delivery:mail.subject'));
  const parts = known.map((language) => {
    const words = translator(language);
    return [words('delivery:mail.greeting'), words('delivery:mail.waiting', { count: given.count }),
      given.link === null ? words('delivery:mail.no_link') : words('delivery:mail.link', { link: given.link }), words('delivery:mail.nothing_inside')].join('\n\n');
  });
  return { subject: known.map((language) => translator(language)('delivery:mail.subject')).join(' / '), text: `${parts.join('\n\n----\n\n')}\n` };
}

/** Sends the one mail that tells a partner how much waits for it. Where no mail server is set none is sent, and that is said. */
export async function sendMail(ctx: Ctx, notice: NoticeRow): Promise<Told> {
  const profile = getPartner(notice.partnerId);
  const to = noticesOf(profile.channels.value).find(({ kind }) => kind === 'email')?.address ?? '';
  if (!ADDRESS.test(to)) return { outcome: 'never', code: 'mail.address_invalid', isAnswering: true };
  const { smtpUrl, mailFrom, publicUrl } = ctx.config;
  if (smtpUrl === null || mailFrom === null) return { outcome: 'never', code: 'mail.not_set_up', isAnswering: true };
  const count = await inTransaction(ctx, (tx) => waitingFor(tx, notice.partnerId));
  if (count === 0) return { outcome: 'sent', code: 'mail.nothing_waits', isAnswering: true };
  const languages = [...new Set(['en', profile.languages.value.packet])];
  const { subject, text } = mailText({ languages, count, link: publicUrl });
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ url: smtpUrl, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, disableFileAccess: true, disableUrlAccess: true });
  try {
    await transport.sendMail({ from: mailFrom, to: { name: partnerName(profile, 'en', 'short'), address: to }, subject, text, messageId: `<${notice.noticeId}@${mailFrom.slice(mailFrom.indexOf('@') + 1)}>`, headers: { 'Auto-Submitted': 'auto-generated' } });
    return { outcome: 'sent', code: 'notice.sent', isAnswering: true };
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    const isRefused = responseCode !== undefined && responseCode >= 500;
    return { outcome: isRefused ? 'never' : 'again', code: isRefused ? 'mail.refused' : 'mail.not_taken', isAnswering: responseCode !== undefined };
  } finally {
    transport.close();
  }
}
