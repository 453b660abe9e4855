import { readFileSync } from 'node:fs';
import { answerPayeeLink, openPayeeLink } from '../../../modules/payments/index.ts';
import type { PayeeQuestion } from '../../../modules/payments/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { hasWords, LANGUAGES, translator } from '../../../platform/i18n.ts';
import type { Language } from '../../../platform/i18n.ts';
import { parseMajor } from '../../../platform/money.ts';
import { formatFor } from '../../format.ts';
import { field, pathText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const ANSWERS = ['received', 'partly', 'not_received'] as const;
type Answer = (typeof ANSWERS)[number];
interface Entered { outcome: string; amount: string; note: string }
const NOTE_MAX = 2_000;
/** Where the exit leads: to a page of everyday use that says nothing of support. */
const EXITS = JSON.parse(readFileSync(new URL('exits.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>;

/**
 * What a payee says of one payment, by a link, on a telephone: the partner's language and English side by side, an amount and a day, and
 * nobody's name. A link that is over, for whatever reason, says the same as one that never was.
 */
export const payeePage: Page = {
  path: '/payee/:token',
  access: 'public',
  get: async (visit) => {
    const question = await askedBy(visit);
    return question === null ? over() : show(visit, question, { outcome: '', amount: '', note: '' }, []);
  },
  post: async (visit) => {
    const question = await askedBy(visit);
    if (question === null) return over();
    const entered = { outcome: field(visit, 'outcome', 20), amount: field(visit, 'amount', 20), note: field(visit, 'note', NOTE_MAX) };
    const outcome = ANSWERS.find((one) => one === entered.outcome);
    const amountMinor = outcome === 'partly' ? amountOf(entered.amount, question.currency) : null;
    const faults = outcome === undefined ? ['outcome'] : outcome === 'partly' && (amountMinor === null || amountMinor >= question.amountMinor) ? ['amount'] : [];
    if (faults.length > 0) return show(visit, question, entered, faults, 422);
    try {
      await answerPayeeLink(visit.ctx, pathText(visit, 'token'), { outcome: outcome as Answer, amountMinor, note: entered.note });
    } catch (error) {
      if (error instanceof AppError && error.code === 'confirmation.link_over') return over();
      throw error;
    }
    return redirect('/payee-thanks');
  },
};

export const payeeThanksPage: Page = { path: '/payee-thanks', access: 'public', get: async () => view('anyone/payee', ended('thanks')) };

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

/** The languages of the page: the partner's where we have its words, and English; all where we do not know whose link it was. */
function languagesOf(language: string | null): Language[] {
  if (language === null) return [...LANGUAGES];
  const first = LANGUAGES.find((one) => one === language) ?? (hasWords(language as Language, 'confirmations:payee.title') ? language as Language : 'en');
  return first === 'en' ? ['en'] : [first, 'en'];
}

const saidIn = (parts: readonly Part[], key: string) => parts.map(({ language, say, params }) => ({ language, text: say(`confirmations:payee.${key}`, params) }));
const textsOf = (parts: readonly Part[], keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, saidIn(parts, key)]));

function ended(state: 'thanks' | 'over'): Record<string, unknown> {
  const parts = languagesOf(null).map((language) => ({ language, say: translator(language), params: {} }));
  return { state, text: { title: saidIn(parts, state), more: saidIn(parts, `${state}_more`), ...textsOf(parts, ['exit', 'exit_hint']) }, faults: [], exit: exitFor('en') };
}

function over(): Reply {
  return view('anyone/payee', ended('over'), 404);
}

const exitFor = (language: string | undefined): string => EXITS[language ?? 'en'] ?? (EXITS['en'] as string);

const WORDS = ['exit', 'exit_hint', 'title', 'question', 'legend', 'amount', 'note', 'send', 'privacy', 'fault_outcome', 'fault_amount', ...ANSWERS.map((answer) => `answer.${answer}`)];

function show(visit: Visit, question: PayeeQuestion, entered: Entered, faults: readonly string[], status = 200): Reply {
  const parts = languagesOf(question.language).map((language): Part => {
    const format = formatFor(LANGUAGES.find((one) => one === language) ?? 'en', 'UTC');
    return { language, say: translator(language), params: { amount: format.money(question.amountMinor, question.currency), sentOn: format.date(question.sentOn), currency: question.currency } };
  });
  return view('anyone/payee', { state: 'ask', text: textsOf(parts, WORDS), answers: ANSWERS, entered, faults, noteMax: NOTE_MAX, exit: exitFor(parts[0]?.language), token: pathText(visit, 'token') }, status);
}
