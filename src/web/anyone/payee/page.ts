import { readFileSync } from 'node:fs';
import { answerPayeeLink, openPayeeLink } from '../../../modules/payments/index.ts';
import type { PayeeQuestion } from '../../../modules/payments/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords, LANGUAGES, translator } from '../../../platform/i18n.ts';
import type { Language } from '../../../platform/i18n.ts';
import { parseMajor } from '../../../platform/money.ts';
import { formatFor } from '../../format.ts';
import { field, pathText, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, View, Visit } from '../../visit.ts';

const ANSWERS = ['received', 'partly', 'not_received'] as const;
type Answer = (typeof ANSWERS)[number];
interface Entered { outcome: string; amount: string; note: string }
const NOTE_MAX = 2_000;
/** Where the exit leads: to a page of everyday use that says nothing of support. */
const EXITS = JSON.parse(readFileSync(new URL('exits.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>;

/**
 * What a payee says of one payment, by a link, on a telephone: the payee's language and English, one after the other, an amount and a day, and
 * nobody's name. A link that is over, for whatever reason, says the same as one that never was.
 */
export const payeePage: Page = {
  path: '/payee/:token',
  access: 'public',
  get: async (visit) => {
    const question = await askedBy(visit);
    return question === null ? over(visit) : show(visit, question, { outcome: '', amount: '', note: '' }, []);
  },
  post: async (visit) => {
    const question = await askedBy(visit);
    if (question === null) return over(visit);
    const entered = { outcome: field(visit, 'outcome', 20), amount: field(visit, 'amount', 20), note: field(visit, 'note', NOTE_MAX) };
    const outcome = ANSWERS.find((one) => one === entered.outcome);
    const amountMinor = outcome === 'partly' ? amountOf(entered.amount, question.currency) : null;
    const faults = outcome === undefined ? ['outcome'] : outcome === 'partly' && (amountMinor === null || amountMinor >= question.amountMinor) ? ['amount'] : [];
    if (faults.length > 0) return show(visit, question, entered, faults, 422);
    try {
      await answerPayeeLink(visit.ctx, pathText(visit, 'token'), { outcome: outcome as Answer, amountMinor, note: entered.note });
    } catch (error) {
      if (error instanceof AppError && error.code === 'confirmation.link_over') return over(visit);
      throw error;
    }
    return redirect(`/payee-thanks?language_of=${encodeURIComponent(ownOf(question.language))}`);
  },
};

export const payeeThanksPage: Page = {
  path: '/payee-thanks',
  access: 'public',
  get: async (visit) => {
    const own = queryText(visit, 'language_of', 20);
    return ended('thanks', LANGUAGES.some((one) => one === own) ? languagesFor(visit, own) : strangersLanguages(visit));
  },
};

/** As people type it: with or without signs of grouping, a comma or a point before two last digits. */
function amountOf(text: string, currency: string): bigint | null {
  const bare = text.replace(/[\s$₩'’]/gu, '');
  const plain = /[.,]\d{3}$/.test(bare) || !/[.,]\d{1,2}$/.test(bare) ? bare.replace(/[.,]/g, '') : bare.replace(/[.,](?=.*[.,])/g, '').replace(',', '.');
  const minor = parseMajor(plain, currency);
  return minor !== null && minor > 0n ? minor : null;
}

async function askedBy(visit: Visit): Promise<PayeeQuestion | null> {
  try {
    return await openPayeeLink(visit.ctx, pathText(visit, 'token'));
  } catch (error) {
    if (error instanceof AppError && error.code === 'confirmation.link_over') return null;
    throw error;
  }
}

interface Part { language: string; say: ReturnType<typeof translator>; params: Record<string, string> }

/** The language of whoever the link is for, where we have its words. */
function ownOf(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? (hasWords(language as Language, 'confirmations:payee.title') ? language as Language : 'en');
}

/** The payee's language and English; the payee's first, unless English was chosen here. */
function languagesFor({ req, language: chosen }: Visit, language: string): Language[] {
  const own = ownOf(language);
  if (own === 'en') return ['en'];
  return req.hasChosenLanguage && chosen === 'en' ? ['en', own] : [own, 'en'];
}

/** Of a link that is over nobody says whose it was: the visitor's own language and English, or English and Spanish. */
const strangersLanguages = ({ language }: Visit): Language[] => (language === 'en' ? ['en', 'es-MX'] : [language, 'en']);

/** What the page is marked as: a language that was added has no words for what stands around. */
const shownIn = (reply: View, languages: readonly Language[]): View => (LANGUAGES.some((one) => one === languages[0]) ? { ...reply, languages } : reply);

const saidIn = (parts: readonly Part[], key: string) => parts.map(({ language, say, params }) => ({ language, text: say(`confirmations:payee.${key}`, params) }));
const textsOf = (parts: readonly Part[], keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, saidIn(parts, key)]));

function ended(state: 'thanks' | 'over', languages: readonly Language[]): View {
  const parts = languages.map((language) => ({ language, say: translator(language), params: {} }));
  const text = { title: saidIn(parts, state), more: saidIn(parts, `${state}_more`), ...textsOf(parts, ['exit', 'exit_hint']) };
  return shownIn(view('anyone/payee', { state, text, faults: [], exit: exitFor(languages[0]) }, state === 'over' ? 404 : 200), languages);
}

const over = (visit: Visit): Reply => ended('over', strangersLanguages(visit));

const exitFor = (language: string | undefined): string => EXITS[language ?? 'en'] ?? (EXITS['en'] as string);

const WORDS = ['exit', 'exit_hint', 'title', 'question', 'legend', 'amount', 'note', 'send', 'privacy', 'fault_outcome', 'fault_amount', ...ANSWERS.map((answer) => `answer.${answer}`)];

function show(visit: Visit, question: PayeeQuestion, entered: Entered, faults: readonly string[], status = 200): Reply {
  const languages = languagesFor(visit, question.language);
  const parts = languages.map((language): Part => {
    const format = formatFor(LANGUAGES.find((one) => one === language) ?? 'en', 'UTC');
    return { language, say: translator(language), params: { amount: format.money(question.amountMinor, question.currency), sentOn: format.date(question.sentOn), currency: question.currency } };
  });
  return shownIn(view('anyone/payee', { state: 'ask', text: textsOf(parts, WORDS), answers: ANSWERS, entered, faults, noteMax: NOTE_MAX, exit: exitFor(parts[0]?.language), token: pathText(visit, 'token') }, status), languages);
}
