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

/**
 * What a payee says of one payment, by a link, on a telephone: the partner's language and English side by side, an amount and a day, and
 * nobody's name. A link that is over, for whatever reason, says the same as one that never was.
 */
export const payeePage: Page = {
  path: '/payee/:token',
  access: 'public',
  get: async (visit) => {
    const question = await question0(visit);
    return question === null ? over() : show(visit, question, { outcome: '', amount: '', note: '' }, []);
  },
  post: async (visit) => {
    const question = await question0(visit);
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

export const payeeThanksPage: Page = { path: '/payee-thanks', access: 'public', get: async () => view('anyone/payee', { state: 'thanks', parts: twice(null), faults: [] }) };

/** As people type it: with or without signs of grouping, a comma or a point before two last digits. */
function amountOf(text: string, currency: string): bigint | null {
  const bare = text.replace(/[\s$₩'’]/gu, '');
  const plain = /[.,]\d{3}$/.test(bare) || !/[.,]\d{1,2}$/.test(bare) ? bare.replace(/[.,]/g, '') : bare.replace(/[.,](?=.*[.,])/g, '').replace(',', '.');
  const minor = parseMajor(plain, currency);
  return minor !== null && minor > 0n ? minor : null;
}

async function question0(visit: Visit): Promise<PayeeQuestion | null> {
  try {
    return await openPayeeLink(visit.ctx, pathText(visit, 'token'));
  } catch (error) {
    if (error instanceof AppError && error.code === 'confirmation.link_over') return null;
    throw error;
  }
}

/** The languages of the page: the partner's where we have its words, and English. */
function twice(language: string | null): { language: string; say: ReturnType<typeof translator> }[] {
  const first = LANGUAGES.find((one) => one === language) ?? (language !== null && hasWords(language as Language, 'confirmations:payee.title') ? language as Language : null);
  const all = language === null ? [...LANGUAGES] : [...(first === null || first === 'en' ? [] : [first]), 'en' as const];
  return all.map((one) => ({ language: one, say: translator(one) }));
}

function over(): Reply {
  return view('anyone/payee', { state: 'over', parts: twice(null), faults: [] }, 404);
}

function show(visit: Visit, question: PayeeQuestion, entered: Entered, faults: readonly string[], status = 200): Reply {
  const parts = twice(question.language).map(({ language, say }) => {
    const format = formatFor(LANGUAGES.find((one) => one === language) ?? 'en', 'UTC');
    return { language, say, amount: format.money(question.amountMinor, question.currency), sentOn: format.date(question.sentOn) };
  });
  return view('anyone/payee', { state: 'ask', parts, answers: ANSWERS, entered, faults, currency: question.currency, noteMax: NOTE_MAX, token: pathText(visit, 'token') }, status);
}
