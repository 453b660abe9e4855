import { readdirSync, readFileSync } from 'node:fs';
import { findTerm, listTerms, spanishPair, term, termIn, termsToReview } from '../../../src/platform/glossary.ts';

type Words = { [key: string]: string | Words };

function flatten(words: Words, base: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[`${base}${key}`, value] as [string, string]] : flatten(value, `${base}${key}.`)));
}

function wordsOf(language: string): Map<string, string> {
  const files = readdirSync(`locales/${language}`).filter((name) => name.endsWith('.json'));
  return new Map(files.flatMap((file) => flatten(JSON.parse(readFileSync(`locales/${language}/${file}`, 'utf8')) as Words, `${file}:`)));
}

const english = wordsOf('en');
const spanish = wordsOf('es-MX');
const korean = wordsOf('ko-KR');

describe('the glossary', () => {
  it('names every term once, in every column, with a standing', () => {
    const ids = listTerms().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(listTerms().filter(({ id, words, status }) => !/^[a-z_]+\.[a-z0-9_]+$/.test(id) || Object.values(words).some((word) => word.trim() === '') || !['verified', 'common', 'review'].includes(status))).toEqual([]);
  });

  it('names a source for everything that it calls verified', () => {
    expect(listTerms().filter(({ status, source }) => status === 'verified' && source === '').map(({ id }) => id)).toEqual([]);
  });

  it('keeps the two Spanish registers apart', () => {
    expect(spanishPair('order.support_order')).toEqual({ federal: 'orden de sustento', mexican: 'resolución de alimentos', differ: true });
    expect(spanishPair('party.applicant').differ).toBe(false);
    expect(termIn('party.obligor', 'es-MX')).toBe('deudor alimentario');
    expect(term('money.arrears', 'ko')).toBe('미지급 양육비');
  });

  it('tells which terms a reviewer must still look at', () => {
    expect(termsToReview(['party.obligor', 'party.applicant', 'no.such_term'])).toEqual(['party.obligor']);
    expect(findTerm('no.such_term')).toBeNull();
    expect(() => term('no.such_term', 'en')).toThrow('fault');
  });
});

// The README's words, and how each language must say them wherever English says them.
const CORE: readonly (readonly [string, RegExp, RegExp, RegExp])[] = [
  ['support case', /\bsupport cases?\b/i, /casos? de manutención/i, /양육비 사건/],
  ['obligor', /\bobligors?\b/i, /deudor(a|es|as|\(a\))?( o deudora)? alimentari/i, /채무자/],
  ['obligee', /\bobligees?\b/i, /acreedor(a|es|as|\(a\))?( o acreedora)? alimentari/i, /채권자/],
  ['support order', /\bsupport orders?\b/i, /resoluci(ón|ones) de alimentos/i, /양육비 결정/],
  ['arrears', /\barrears\b/i, /vencid|adeudo/i, /미지급/],
  ['partner', /\bpartners?\b/i, /contraparte|instituci(ón|ones)/i, /협력기관/],
  ['referral', /\breferrals?\b(?! packet|\.)/i, /solicitud/i, /의뢰/],
  ['packet', /\bpackets?\b/i, /expedientes?( bilingües?)?/i, /의뢰 서류/],
  ['receipt', /\breceipts?\b(?! (there|at|of))/i, /acuse|recepción|recibo/i, /수령|접수/],
  ['disbursement', /\bdisbursements?\b(?! unit)/i, /pagos? enviados?/i, /송금/],
  ['forwarding report', /\bforwarding reports?\b/i, /informes? de entrega/i, /전달 보고서/],
  ['remittance advice', /\bremittance (advices?|lists?)\b/i, /relaci(ón|ones) de pagos/i, /송금 명세/],
  ['bank credit', /\b(bank )credits?\b/i, /abonos?/i, /입금/],
  ['suspense', /\bsuspense\b/i, /por identificar|pendientes? de identificar/i, /미확인/],
  ['reconciliation', /\breconciliations?\b/i, /conciliaci(ón|ones)/i, /대조|대사\(對査\)/],
];

// False friends of the glossary's notes: words that must not be read anywhere.
const FORBIDDEN: readonly (readonly [string, ReadonlyMap<string, string>, RegExp])[] = [
  ['Spanish: a suspended thing for money not yet identified', spanish, /\bsuspens[oa]s?\b|en suspenso/i],
  ['Spanish: migrants’ remittances', spanish, /\bremesas?\b/i],
  ['Spanish: stamped for sealed', spanish, /\bsellad[oa]s?\b/i],
  ['Spanish: a loan for a bank credit', spanish, /\bcrédito/i],
  ['Spanish: a senior lawyer for a US notary', spanish, /\bnotario\b/i],
  ['Spanish: twice a month for every two weeks', spanish, /\bquincenal\b.*dos semanas/i],
  ['Spanish: the opposing party for a partner', spanish, /(?<!instituci(?:ón|ones) )contraparte/i],
  ['Spanish: a debtor or creditor who might be anybody', spanish, /\b(deudor|acreedor)(a|es|as)?\b(?! alimentari)/i],
  ['Spanish: salvar for save', spanish, /\bsalvar\b/i],
  ['Spanish: exclamation marks', spanish, /[¡!]/],
  ['Korean: support before any order for arrears', korean, /과거 양육비/],
  ['Korean: damages for spousal support', korean, /위자료/],
  ['Korean: recognising a child for acknowledging', korean, /(?<![가-힣])인지(?![가-힣])/],
  ['Korean: an ambassador for a reconciliation', korean, /대사(?!\(對査\)|관)/],
  ['Korean: familiar or rude address', korean, /당신|그녀/],
  ['Korean: 해요 style', korean, /[가-힣](어요|아요|해요|세요|예요|이에요)(?![가-힣])/],
  ['Korean: a middle dot other than that of the statutes', korean, /[가-힣]\s?[·・‧]\s?[가-힣]/],
  ['Korean: spaces inside a name that the law writes as one word', korean, /양육비 이행 관리원|가족 관계 증명서|집행 권원/],
];

describe('the locales speak the glossary', () => {
  it.each(CORE)('%s', (_word, en, es, ko) => {
    // The packet's own wording follows the glossary's terms of law, which one case after another may need in another form.
    const concerned = [...english].filter(([key, text]) => !key.startsWith('packet.json:') && en.test(text.replace(/\$t\([^)]*\)|\{\{[^}]*\}\}/g, ''))).map(([key]) => key);
    expect(concerned.filter((key) => spanish.has(key) && !es.test(spanish.get(key) as string)).map((key) => `es-MX ${key}: ${spanish.get(key)}`)).toEqual([]);
    expect(concerned.filter((key) => korean.has(key) && !ko.test(korean.get(key) as string)).map((key) => `ko-KR ${key}: ${korean.get(key)}`)).toEqual([]);
  });

  // Commands stand between grave accents; the bank's set of signs is a set of signs.
  const CODE = /`[^`]*`|[/?:().,]+ ' \+ -|' \+ -/g;
  it.each([
    ['English: a typewriter’s apostrophes and quotation marks', english, /['"«»]/],
    ['Spanish: quotation marks other than “ ”', spanish, /['"«»]/],
    ['Korean: quotation marks other than ‘ ’, “ ” and 「 」', korean, /['"«»『』]/],
  ] as const)('never %s', (_what, words, pattern) => {
    expect([...words].filter(([, text]) => pattern.test(text.replace(CODE, ''))).map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });

  it.each(FORBIDDEN)('never %s', (_what, words, pattern) => {
    expect([...words].filter(([, text]) => pattern.test(text)).map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });
});
