import { unconfirmedExchangeData } from '../../../modules/exchange/index.ts';
import { listAgreements, listPartners, unconfirmedFacts, unconfirmedTerms } from '../../../modules/partners/index.ts';
import { unconfirmedPaymentData } from '../../../modules/payments/index.ts';
import { unconfirmedReconciliationData } from '../../../modules/reconciliation/index.ts';
import { unconfirmedReferralData } from '../../../modules/referrals/index.ts';
import { listTerms } from '../../../platform/glossary.ts';
import { noteWords } from '../../agreement-line.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { trailOf } from '../../schema-form/words.ts';
import type { Visit } from '../../visit.ts';
import { partOfPath } from '../partner-schema.ts';
import { sourceWords } from '../standing.ts';

/** One datum that nobody has confirmed, wherever it stands. */
export interface ToConfirm {
  readonly kit: string;
  /** Of what it is: a partner, an agreement, a file. */
  readonly of: string;
  readonly what: string;
  readonly note: string | null;
  readonly sources: string;
  /** Where it is confirmed; null where that is a file of the operator's. */
  readonly href: string | null;
  readonly id: string;
}

/** Everything that is still to be confirmed, of every kit of data. */
export async function listToConfirm(visit: Visit): Promise<readonly ToConfirm[]> {
  const { ctx, language, t } = visit;
  const partners = listPartners().flatMap((profile) => unconfirmedFacts(profile).map((fact): ToConfirm => ({
    kit: 'partners', of: partnerNameOf(profile.partnerId, visit, 'short'), what: trailOf(fact.path, visit), note: noteWords(fact.note, visit), sources: fact.sources.map(sourceWords).join('; '),
    href: `/administration/partners/${profile.partnerId}/part?at=${encodeURIComponent(partOfPath(fact.path, profile))}`, id: `${profile.partnerId}${fact.path}`,
  })));
  const agreements = (await listAgreements(ctx)).flatMap(({ record }) => unconfirmedTerms(record).map((term): ToConfirm => ({
    kit: 'agreements', of: record.titles.value[language] ?? record.agreementId, what: t(`agreements:field.${term.field}`), note: noteWords(term.note, visit), sources: term.sources.map(sourceWords).join('; '),
    href: `/agreements/${record.agreementId}?new=1#new`, id: `${record.agreementId}/${term.field}`,
  })));
  const terms = listTerms().filter(({ status }) => status === 'review').map((term): ToConfirm => ({
    kit: 'glossary', of: term.words.en, what: term.id, note: term.note === '' ? null : term.note, sources: term.source, href: `/administration/glossary/${encodeURIComponent(term.id)}`, id: term.id,
  }));
  const files = [...unconfirmedReferralData(ctx), ...unconfirmedPaymentData(ctx), ...unconfirmedReconciliationData(ctx), ...unconfirmedExchangeData(ctx)].map((one): ToConfirm => ({
    kit: one.kit, of: one.says, what: one.path, note: one.note, sources: one.sources.join('; '), id: `${one.file}#${one.path}`, href: PAGES[one.kit] ?? null,
  }));
  return [...partners, ...agreements, ...terms, ...files];
}

/** Where data that come as files can at least be looked at. */
const PAGES: Readonly<Record<string, string>> = { clocks: '/administration/data#clocks', calendars: '/administration/data#calendars', forms: '/administration/forms', form_sets: '/administration/forms#sets' };
