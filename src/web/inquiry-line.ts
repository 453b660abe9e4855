import type { AnswerFacts, ListedInquiry } from '../modules/exchange/index.ts';
import { LANGUAGES, translator } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import { formatFor } from './format.ts';
import { wordsFor } from './words.ts';

type AskedName = Pick<ListedInquiry['details']['person'], 'given' | 'family' | 'secondFamily' | 'native'>;

export const languageOf = (text: string): Language | null => LANGUAGES.find((one) => one === text) ?? null;

export function personOf({ details }: { readonly details: { readonly person: AskedName } }): string {
  const { given, family, secondFamily, native } = details.person;
  const latin = [given, family, secondFamily ?? ''].filter((part) => part !== '').join(' ');
  return native && latin !== '' ? `${latin} (${native})` : latin || (native ?? '');
}

/** What the partner itself does next, where its own officer reads it. */
const OWN_STEPS: readonly string[] = ['partner_decides', 'partner_works', 'partner_supplies', 'county_reads_answer'];

/** What was answered from the case, as lines in one language. */
export function factLines(facts: AnswerFacts, language: Language, isToOfficer = false): { title: string; lines: string[] }[] {
  const t = translator(language);
  const [format, words] = [formatFor(language, 'UTC'), wordsFor(language)];
  const say = (key: string, params?: Record<string, string>): string => t(`inquiries:one.${key}`, params);
  const shown: { title: string; lines: string[] }[] = [];
  const add = (question: string, lines: string[]): void => void shown.push({ title: t(`inquiries:question.${question}`), lines });
  if (facts.status) {
    const { case: at, closedOn, request } = facts.status;
    add('status', [closedOn ? say('status_closed_on', { on: format.date(closedOn) }) : say(`status_${at}`), ...(request === null ? [] : [say('request', { state: words.of('status', request) })])]);
  }
  if (facts.lastPayment !== undefined) {
    add('last_payment', [facts.lastPayment === null ? say('paid_none') : say('paid', { amount: format.amount(facts.lastPayment.amount, facts.lastPayment.currency), on: format.date(facts.lastPayment.on) })]);
  }
  if (facts.nextStep) add('next_step', [t(`inquiries:${isToOfficer && OWN_STEPS.includes(facts.nextStep) ? 'next_step_own' : 'next_step'}.${facts.nextStep}`)]);
  if (facts.balance) add('balance', facts.balance.length === 0 ? [say('owed_none')] : facts.balance.map(({ amount, currency, asOf }) => say('owed', { amount: format.amount(amount, currency), on: format.date(asOf) })));
  return shown;
}
