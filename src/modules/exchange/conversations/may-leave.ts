import { requireAgreement } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import { gateFreeText, officeDay } from '../../referrals/index.ts';
import type { ExchangedReferral } from '../../referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { ConversationRow } from './conversation.store.ts';
import { languageFindings, wordsOf } from './leaving.rules.ts';

/** What is said beside any request (answers to a counter, reminders of lists) tells how something stands: an agreement must cover that. */
const BESIDE_REQUESTS: readonly string[] = ['status'];

/** To whom something is said, and about what. */
export interface Target {
  readonly partner: PartnerProfile;
  readonly conversation: ConversationRow;
  readonly referral: ExchangedReferral | null;
}

/**
 * Whether a message may leave without somebody else having read it: what is said in own words about a case in which somebody is protected is read by an attorney.
 *
 * @throws AppError `message.language_missing`, `message.tells_protected`.
 */
export async function mayLeave(tx: TxCtx, { partner, referral }: Target, body: unknown, isDraft: boolean): Promise<boolean> {
  const words = wordsOf(body);
  const missing = languageFindings(body, partner.languages.value.packet);
  if (missing.length > 0 && !isDraft) throw new AppError('invalid', 'message.language_missing', { findings: missing });
  const caseId = referral?.caseId ?? null;
  const free = await gateFreeText(tx, { caseId, texts: words.free });
  const other = await gateFreeText(tx, { caseId, texts: words.other });
  // Of what is no text of somebody's, only what it tells of a protected person counts: numbers of files look like other numbers.
  const findings: Finding[] = [...free.findings, ...other.findings.filter(({ code }) => /\.(tells|case_unseen)/.test(code))];
  if (findings.length > 0) throw new AppError('conflict', 'message.tells_protected', { findings });
  return !free.isAnyoneSealed || Object.keys(words.free).length === 0 || isAllowed(tx, 'messages.review');
}

/** What an agreement is asked about. */
export interface Agreeing {
  readonly partner: PartnerProfile;
  readonly conversation: Pick<ConversationRow, 'county'>;
  readonly referral: Pick<ExchangedReferral, 'county' | 'services'> | null;
}

/** No exchange without an agreement in force. @throws AppError `agreement.none_allows`. */
export async function requireAgreed(tx: TxCtx, { partner, conversation, referral }: Agreeing): Promise<void> {
  const county = referral?.county ?? conversation.county ?? partner.counties.value[0] ?? '';
  await requireAgreement(tx, { partnerId: partner.partnerId, county, services: referral?.services ?? BESIDE_REQUESTS, on: officeDay(tx) });
}
