import { fileURLToPath } from 'node:url';
import type { Ctx } from '../../../platform/context.ts';
import { hasWords, LANGUAGES, translator } from '../../../platform/i18n.ts';
import type { Language } from '../../../platform/i18n.ts';
import { formatMajor, isCurrency } from '../../../platform/money.ts';
import { renderPdf } from '../../../platform/pdf/render.ts';
import type { Pdf } from '../../../platform/pdf/render.ts';
import { getPartner, partnerName } from '../../partners/index.ts';
import { moneyByMonth, periodStatement } from './get-statement.ts';
import { moneyChartSvg } from './money-chart.ts';
import type { AccountStatement, MonthOutcome } from './statement.rules.ts';

const TEMPLATES = fileURLToPath(new URL('./layout', import.meta.url));
/** More accounts of cases than anybody reads on paper; the CSV has them all. */
const CASE_ACCOUNTS_MAX = 2_000;
const KINDS = ['forwarding', 'remittance'] as const;

interface Line { text: string; lang: string }
type Say = (key: string, params?: Record<string, string | number>) => Line[];

/** Both languages of the statement: English and the partner's, where we have its words. */
export function statementLanguages(partnerId: string): Language[] {
  const partnerLanguage = getPartner(partnerId).languages.value.packet;
  const second = LANGUAGES.find((one) => one === partnerLanguage && one !== 'en') ?? (partnerLanguage !== 'en' && hasWords(partnerLanguage as Language, 'statements:title') ? partnerLanguage as Language : null);
  return second === null ? ['en'] : ['en', second];
}

function sayer(partnerId: string): { say: Say; languages: Language[] } {
  const languages = statementLanguages(partnerId);
  return { languages, say: (key, params) => languages.map((lang) => ({ text: translator(lang)(key, params), lang: lang === 'en' ? 'en-US' : lang })) };
}

/** Thousands by commas and a point before decimals, as all three languages write amounts in tables. */
function grouped(minor: bigint, currency: string): string {
  // A line may print a currency that is none; its amount means nothing then.
  if (!isCurrency(currency)) return '—';
  const [whole = '', decimals] = formatMajor(minor, currency).split('.');
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}${decimals === undefined ? '' : `.${decimals}`}`;
}

/** What happened, in words; an event that has none yet, by its code. */
function eventWords(say: Say, event: string): Line[] {
  const key = `ledger:event.${event.replaceAll('.', '_')}`;
  return hasWords('en', key) ? say(key) : [{ text: event, lang: 'en-US' }];
}

function accountRows(say: Say, statements: readonly AccountStatement[]) {
  return statements.flatMap((one) => {
    const row = (line: string, words: Line[], entries: string, minor: bigint) =>
      ({ line, caseId: line === 'opening' ? one.caseId ?? '' : '', account: say(`ledger:account.${one.account}`), currency: one.currency, words, entries, amount: `${grouped(minor, one.currency)} ${one.currency}` });
    return [
      row('opening', say('statements:opening'), '', one.openingMinor),
      ...one.movements.map((m) => row('movement', eventWords(say, m.event), String(m.count), m.amountMinor)),
      row('closing', say('statements:closing'), '', one.closingMinor),
    ];
  });
}

/** The statement of a period as a bilingual PDF, with money by month as a drawing and as a table. The same books on the same day give the same bytes. @throws AppError as `periodStatement`. */
export async function statementPdf(ctx: Ctx, wanted: { partnerId: string; from: string; to: string }): Promise<Pdf> {
  const statement = await periodStatement(ctx, wanted);
  const months = await moneyByMonth(ctx, wanted);
  const partner = getPartner(wanted.partnerId);
  const { say, languages } = sayer(partner.partnerId);
  const currencies = [...new Set(months.map(({ currency }) => currency))].filter(isCurrency).sort();
  const hidden = statement.cases.length - CASE_ACCOUNTS_MAX;
  const words = Object.fromEntries(['case', 'account', 'movement', 'entries', 'amount', 'partnerAccounts', 'caseAccounts', 'byMonth', 'month', 'list', 'outcome', 'lines', 'nothing'].map((key) => [key, say(`statements:${key}`)]));
  const monthRow = (row: MonthOutcome) => ({
    month: row.month, kind: say(`reconciliation:kind.${row.kind}`), outcome: say(`reconciliation:outcome.${row.outcome}`), lines: String(row.lines), amount: `${grouped(row.amountMinor, row.currency)} ${row.currency}`,
  });
  return renderPdf({
    templates: TEMPLATES, main: 'statement.typ', madeAt: new Date(`${wanted.to}T00:00:00Z`),
    data: {
      title: `${wanted.partnerId} ${wanted.from} ${wanted.to}`, author: ctx.config.agency, paper: partner.country === 'MX' || partner.country === 'US' ? 'us-letter' : 'a4',
      heading: say('statements:title'), footer: say('statements:footer'), words,
      facts: [
        { label: say('statements:partner'), value: languages.map((language) => partnerName(partner, language)).filter((name, index, all) => all.indexOf(name) === index).join(' · ') },
        { label: say('statements:period'), value: `${wanted.from} – ${wanted.to}` },
      ],
      partner: accountRows(say, statement.partner), cases: accountRows(say, statement.cases.slice(0, CASE_ACCOUNTS_MAX)),
      left: hidden > 0 ? say('statements:more_in_csv', { count: hidden }) : null, months: months.map(monthRow),
      charts: currencies.flatMap((currency) => KINDS.filter((kind) => months.some((row) => row.kind === kind && row.currency === currency)).map((kind) => ({
        svg: moneyChartSvg(months, { ...wanted, currency, kind, languages }), title: say(`reconciliation:kind.${kind}`), alt: say('statements:chart', { currency }).map(({ text }) => text).join(' · '),
      }))),
    },
  });
}
