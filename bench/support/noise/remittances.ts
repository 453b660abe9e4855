import type { Random } from '../../../src/demo/random.ts';
import type { HardCase, Lookalikes } from './caseload.ts';
import { day, isCertain, money, printName, Sheet } from './lines.ts';
import type { PrintedName, Truth } from './lines.ts';
import { NUMBER_WAYS } from './number-noise.ts';
import { makePerson, sibling, looksLike } from './persons.ts';
import type { Person } from './persons.ts';

type Draft = {
  folio: string; cell: string; payer: PrintedName; receiver: PrintedName; foreign: number; currency: string; rate: number; settled: number; collected: string; sent: string; note: string;
  amounts: (minor: number) => string; truth: Truth;
};
type Scene = { readonly c: HardCase; readonly other: HardCase; readonly random: Random; readonly like: Lookalikes; readonly known: ReadonlySet<string> };
type Situation = { readonly name: string; readonly apply: (d: Draft, s: Scene) => Draft };

const none = (d: Draft): Draft => ({ ...d, truth: { ...d.truth, moves: 'none', due: false } });
const may = (d: Draft): Draft => ({ ...d, truth: { ...d.truth, due: false } });
const asPrinted = (p: Person, random: Random): PrintedName => printName(p, false, random);
const hasNumber = (d: Draft): boolean => !d.truth.noise.some((n) => ['number_missing', 'number_word_for_none', 'number_scientific'].includes(n));
const stranger = (c: HardCase, sex: 'm' | 'f', random: Random): Person => makePerson(sex, c.isKorean, random);
const otherThan = (p: Person, made: () => Person): Person => { for (;;) { const q = made(); if (!looksLike(p, q)) return q; } };

const SITUATIONS: readonly Situation[] = [
  { name: 'strangers', apply: (d, { c, random }) => none({ ...d, payer: asPrinted(otherThan(c.payer, () => stranger(c, 'm', random)), random), receiver: asPrinted(otherThan(c.receiver, () => stranger(c, 'f', random)), random) }) },
  { name: 'payer_stranger', apply: (d, { c, random }) => none({ ...d, payer: asPrinted(otherThan(c.payer, () => stranger(c, 'm', random)), random) }) },
  { name: 'receiver_stranger', apply: (d, { c, random }) => none({ ...d, receiver: asPrinted(otherThan(c.receiver, () => stranger(c, 'f', random)), random) }) },
  { name: 'payer_sibling', apply: (d, { c, random }) => none({ ...d, payer: asPrinted(sibling(c.payer, random), random) }) },
  { name: 'receiver_sibling', apply: (d, { c, random }) => none({ ...d, receiver: asPrinted(sibling(c.receiver, random), random) }) },
  { name: 'number_of_other_case', apply: (d, { c, other }) => (looksLike(c.payer, other.payer) || looksLike(c.receiver, other.receiver) ? d : none({ ...d, cell: other.caseId, note: '' })) },
  { name: 'columns_swapped', apply: (d) => may({ ...d, payer: d.receiver, receiver: d.payer }) },
  { name: 'receiver_missing', apply: (d) => (hasNumber(d) ? { ...d, receiver: { text: '', way: null }, truth: { ...d.truth, due: d.truth.due && !d.truth.noise.some((n) => n.startsWith('number_')) } } : none({ ...d, receiver: { text: '', way: null } })) },
  { name: 'payer_missing', apply: (d) => (hasNumber(d) ? may({ ...d, payer: { text: '', way: null } }) : none({ ...d, payer: { text: '', way: null } })) },
  { name: 'names_missing', apply: (d) => none({ ...d, payer: { text: '', way: null }, receiver: { text: '', way: null } }) },
  { name: 'child_as_creditor', apply: (d, { c, random }) => may({ ...d, receiver: asPrinted(c.child, random) }) },
  { name: 'date_wrong_century', apply: (d, { random }) => none({ ...d, collected: d.collected.replace('2026', random.pick(['1926', '2126', '0026'])) }) },
  { name: 'date_year_20206', apply: (d) => none({ ...d, collected: d.collected.replace('2026', '20206') }) },
  { name: 'date_impossible', apply: (d) => none({ ...d, collected: '2026-02-30' }) },
  { name: 'amount_typo', apply: (d, { random }) => none({ ...d, settled: d.settled + random.pick([900, -900, 9_000, 27]) }) },
  { name: 'amount_negative', apply: (d) => none({ ...d, foreign: -d.foreign, settled: -d.settled }) },
  { name: 'amount_zero', apply: (d) => none({ ...d, foreign: 0, settled: 0 }) },
  { name: 'currency_unknown', apply: (d, { random }) => none({ ...d, currency: random.pick(['XXX', 'PESOS?', 'EUR', 'GTQ']) }) },
  { name: 'currency_swapped', apply: (d) => none({ ...d, currency: 'USD' }) },
  { name: 'collected_after_sending', apply: (d) => none({ ...d, collected: d.sent.replace('-03-', '-05-') }) },
  { name: 'payer_brother', apply: (d, { c, random }) => (c.isKorean || !c.payer.given.includes(' ') ? d : none({ ...d, payer: asPrinted({ ...c.payer, given: `${c.payer.given.split(' ')[0]} ${random.pick(['Rodolfo', 'Gonzalo', 'Ximena', 'Reynaldo'])}` }, random) })) },
  { name: 'amount_thousands', apply: (d) => ({ ...d, amounts: (minor) => money(minor).replace(/\B(?=(\d{3})+\.)/gu, ',') }) },
  { name: 'amount_with_sign', apply: (d) => may({ ...d, amounts: (minor) => `$ ${money(minor)}` }) },
  { name: 'remark_chatter', apply: (d, { random }) => (d.note === '' ? { ...d, note: random.pick(['Pensión alimenticia marzo 2026', 'recibo 4471', 'depósito del día 12/03/2026', 'gracias', 'tel. 664 555 0142', '3월분 양육비', 'folio interno A-118', 'pago 2 de 4']) } : d) },
];

const SHARE = 0.3;
const HEADS: Readonly<Record<string, string>> = {
  kr: '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고',
  mx: 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto',
};

function draftOf(folio: string, on: string, { c, other, random, like, known }: Scene): Draft {
  const usd = random.integer(20, 900) * 100;
  const [rate, scale] = c.isKorean ? [0.00072, 1] : [0.055, 100];
  const foreign = Math.round((usd / 100 / rate) * scale);
  const settled = Math.round((foreign / scale) * rate * 100);
  const way = random.chance(0.3) ? random.pick(NUMBER_WAYS) : null;
  const number = way?.print(c.caseId, random, other.caseId) ?? { cell: c.caseId, note: '' };
  const payer = printName(c.payer, random.chance(0.35), random);
  const receiver = printName(c.receiver, random.chance(0.2), random);
  const noise = [way?.name, payer.way?.name, receiver.way?.name].filter((n) => n !== undefined);
  const leaves = way?.leaves ?? 'whole';
  const moves = !c.isOpen || leaves === 'two' ? 'none' as const : 'posted' as const;
  const truth: Truth = { moves, caseId: c.caseId, due: moves === 'posted' && isCertain(leaves, [payer, receiver], c, like) && (number.cell === c.caseId || !known.has(number.cell)), noise: c.isOpen ? noise : [...noise, 'case_closed'] };
  return { folio, cell: number.cell, payer, receiver, foreign, currency: c.isKorean ? 'KRW' : 'MXN', rate, settled, collected: on, sent: on, note: number.note, amounts: money, truth };
}

function cellsOf(d: Draft, transfer: string): string[] {
  const foreign = d.currency === 'KRW' || d.rate < 0.001 ? String(d.foreign) : d.amounts(d.foreign);
  return [d.folio, d.cell, d.payer.text, d.receiver.text, foreign, d.currency, String(d.rate), '0.00', d.amounts(d.settled), d.collected, d.sent, transfer, d.note];
}

export type Credit = { readonly transfer: string; readonly minor: number; readonly on: string };
const PER_TRANSFER = 25;

/** The advice of one partner, its second sending in another dialect, and the credits that pay for it. */
export function remittanceFile(name: string, own: readonly HardCase[], count: number, scene: Omit<Scene, 'c' | 'other'>, truth: Map<string, Truth>): { texts: { name: string; text: string }[]; credits: Credit[] } {
  const { random } = scene;
  const isKorean = own[0]?.isKorean ?? false;
  const sheet = new Sheet(name, HEADS[isKorean ? 'kr' : 'mx'] as string, truth);
  const again = new Sheet(`re_${name}`, HEADS[isKorean ? 'kr' : 'mx'] as string, truth);
  const credits: Credit[] = [];
  let folio = 0;
  for (let from = 0; from < count; from += PER_TRANSFER) {
    const transfer = `TR${name.slice(0, 3)}2603${String(from / PER_TRANSFER).padStart(3, '0')}`;
    const on = day(1 + Math.floor((from / count) * 26));
    const fate = random.next();
    let sum = 0;
    for (let i = 0; i < PER_TRANSFER; i++) {
      const c = random.pick(own);
      const all: Scene = { ...scene, c, other: random.pick(own.filter((x) => x.caseId !== c.caseId)) };
      const situation = random.chance(SHARE) ? random.pick(SITUATIONS) : null;
      const plain = draftOf(`${name.slice(0, 3)}26-${String(folio++).padStart(6, '0')}`, on, all);
      const done = situation === null ? plain : situation.apply(plain, all);
      const labelled = { ...done, truth: { ...done.truth, noise: situation === null ? done.truth.noise : [...done.truth.noise, situation.name] } };
      const d = fate < 0.03 ? { ...labelled, truth: { ...labelled.truth, moves: 'none' as const, due: false, noise: [...labelled.truth.noise, 'transfer_differs'] } }
        : fate < 0.05 && labelled.truth.moves === 'posted' ? { ...labelled, truth: { ...labelled.truth, moves: 'pending' as const, noise: [...labelled.truth.noise, 'transfer_no_credit'] } } : labelled;
      sheet.add(cellsOf(d, transfer), d.truth);
      sum += d.settled;
      sum += copies(d, sheet, again, transfer, random, () => `${name.slice(0, 3)}26-${String(folio++).padStart(6, '0')}`);
    }
    const differs = random.pick([-2_600, 100, 1_000, -30_000]);
    if (fate >= 0.05 || fate < 0.03) credits.push({ transfer, minor: fate < 0.03 ? sum + differs : random.chance(0.1) ? sum - 1_500 : sum, on });
  }
  return { texts: [{ name, text: sheet.text }, { name: `re_${name}`, text: again.text }], credits };
}

/** The line once more: by mistake, with another content, as a genuine twin, or in a later file. Returns what it adds to the transfer's sum. */
function copies(d: Draft, sheet: Sheet, again: Sheet, transfer: string, random: Random, nextFolio: () => string): number {
  const draw = random.next();
  if (draw < 0.01) sheet.add(cellsOf(d, transfer), { ...d.truth, moves: 'duplicate', due: false, noise: ['line_twice'] });
  else if (draw < 0.02) {
    const other = { ...d, note: `${d.note} bis`, payer: d.receiver };
    sheet.add(cellsOf(other, transfer), { ...d.truth, moves: 'none', due: false, noise: ['folio_twice'] });
    return d.settled;
  } else if (draw < 0.03 && d.truth.moves === 'posted') {
    sheet.add(cellsOf({ ...d, folio: nextFolio() }, transfer), { ...d.truth, noise: [...d.truth.noise, 'genuine_twin'] });
    return d.settled;
  } else if (draw < 0.06 && d.collected === d.sent) {
    const turned = (on: string): string => on.split('-').toReversed().join('/');
    again.add(cellsOf({ ...d, collected: turned(d.collected), sent: turned(d.sent) }, transfer), { ...d.truth, moves: 'duplicate', due: false, noise: ['sent_again'] });
  }
  return 0;
}
