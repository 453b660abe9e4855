import type { Random } from '../../../src/demo/random.ts';
import type { HardCase, Lookalikes } from './caseload.ts';
import { day, money, printName, Sheet } from './lines.ts';
import type { PrintedName, Truth } from './lines.ts';
import { ID_WAYS, NUMBER_WAYS } from './number-noise.ts';
import type { NumberWay } from './number-noise.ts';
import { fullName, looksLike, makePerson, plain, sibling } from './persons.ts';

export type Sent = { readonly id: string; readonly c: HardCase; readonly amountMinor: number; readonly on: string };
type Draft = { id: string; cell: string; payee: PrintedName; amount: number; currency: string; on: string; status: string; note: string; truth: Truth };
type Scene = { readonly sent: Sent; readonly other: Sent; readonly random: Random; readonly rivals: readonly Sent[]; readonly known: ReadonlySet<string> };
type Situation = { readonly name: string; readonly apply: (d: Draft, s: Scene) => Draft };

const none = (d: Draft): Draft => ({ ...d, truth: { ...d.truth, moves: 'none', due: false } });
const may = (d: Draft): Draft => ({ ...d, truth: { ...d.truth, due: false } });
const printedOf = (text: string): PrintedName => ({ text, way: null });

const SITUATIONS: readonly Situation[] = [
  { name: 'payee_stranger', apply: (d, { sent, random }) => { const p = makePerson('f', sent.c.isKorean, random); return looksLike(p, sent.c.receiver) ? d : none({ ...d, payee: printedOf(fullName(p)) }); } },
  { name: 'payee_sibling', apply: (d, { sent, random }) => none({ ...d, payee: printedOf(fullName(sibling(sent.c.receiver, random))) }) },
  { name: 'payee_is_payer', apply: (d, { sent }) => (looksLike(sent.c.payer, sent.c.receiver) ? d : none({ ...d, payee: printedOf(fullName(sent.c.payer)) })) },
  { name: 'payee_is_child', apply: (d, { sent }) => may({ ...d, payee: printedOf(fullName(sent.c.child)) }) },
  { name: 'payee_missing', apply: (d) => (d.truth.noise.some((n) => ['id_missing', 'id_word_for_none', 'id_transposed', 'id_one_digit_wrong', 'id_digit_dropped', 'id_two_digits_wrong', 'id_of_nobody', 'id_and_another'].includes(n)) ? none({ ...d, payee: printedOf('') }) : may({ ...d, payee: printedOf('') })) },
  { name: 'amount_other', apply: (d, { random }) => none({ ...d, amount: d.amount + random.pick([100, 900, -900, 9_000, 1]) }) },
  { name: 'amount_swapped_digits', apply: (d) => { const text = String(d.amount); const turned = Number(text[1] as string + (text[0] as string) + text.slice(2)); return turned === d.amount ? d : none({ ...d, amount: turned }); } },
  { name: 'currency_swapped', apply: (d) => none({ ...d, currency: 'MXN' }) },
  { name: 'date_before_issue', apply: (d) => none({ ...d, on: '2026-01-15' }) },
  { name: 'date_wrong_century', apply: (d, { random }) => none({ ...d, on: d.on.replace('2026', random.pick(['1926', '2126'])) }) },
  { name: 'id_of_other_case', apply: (d, { sent, other }) => (looksLike(sent.c.receiver, other.c.receiver) ? d : none({ ...d, id: other.id })) },
  { name: 'case_of_other', apply: (d, { sent, other }) => (other.c.caseId === sent.c.caseId ? d : none({ ...d, cell: other.c.caseId })) },
  { name: 'status_returned', apply: (d) => ({ ...d, status: 'DEVUELTO', truth: { ...d.truth, moves: d.truth.moves === 'posted' ? 'returned' : d.truth.moves } }) },
  { name: 'status_cancelled', apply: (d) => ({ ...d, status: 'CANCELADO', truth: { ...d.truth, moves: d.truth.moves === 'posted' ? 'returned' : d.truth.moves } }) },
  { name: 'status_pending', apply: (d) => ({ ...d, status: 'PENDIENTE', truth: { ...d.truth, moves: d.truth.moves === 'posted' ? 'pending' : d.truth.moves } }) },
  { name: 'status_unknown', apply: (d) => none({ ...d, status: 'REVISAR' }) },
];

type Leaves = NumberWay['leaves'];

/** What is left to tell the disbursement by: a number in full, two numbers that agree in doubt, or only payee and amount. */
function truthOf(scene: Scene, id: Leaves, number: Leaves, payee: PrintedName, noise: readonly string[], isLatest: boolean): Truth {
  const { sent, rivals } = scene;
  const base = { caseId: sent.c.caseId, disbursementId: sent.id, noise };
  if (id === 'two' || number === 'two') return { ...base, moves: 'none', due: false };
  const keeps = payee.way?.keeps ?? 'whole';
  if (id === 'whole') return { ...base, moves: 'posted', due: keeps !== 'doubt' && (number === 'whole' || (keeps === 'whole' && number !== 'wrong')) };
  // An older one is never meant without its own number.
  if (!isLatest) return { ...base, moves: 'none', due: false };
  if (number === 'whole') return { ...base, moves: 'posted', due: keeps !== 'doubt' && id !== 'wrong' };
  const isTwin = rivals.some((r) => r.id !== sent.id && r.c.caseId !== sent.c.caseId && plain(fullName(r.c.receiver)) === plain(fullName(sent.c.receiver)));
  const isNumberless = id === 'lost' && number === 'lost';
  if (isTwin && isNumberless) return { ...base, moves: 'none', due: false };
  const hasRival = rivals.some((r) => r.id !== sent.id && r.c.caseId !== sent.c.caseId && looksLike(r.c.receiver, sent.c.receiver));
  const stands = id === 'slip' || number === 'slip' || isNumberless;
  return { ...base, moves: 'posted', due: stands && id !== 'wrong' && number !== 'wrong' && keeps === 'whole' && !hasRival };
}

function draftOf(scene: Scene, isLatest: boolean): Draft {
  const { sent, other, random } = scene;
  const idWay = random.chance(0.4) ? random.pick(isLatest ? ID_WAYS : ID_WAYS.filter((w) => w.leaves !== 'lost')) : null;
  const numberWay = random.chance(0.45) ? random.pick(NUMBER_WAYS) : null;
  const payee = printName(sent.c.receiver, random.chance(0.4), random);
  const id = idWay?.print(sent.id, random, other.id) ?? { cell: sent.id, note: '' };
  const number = numberWay?.print(sent.c.caseId, random, other.c.caseId) ?? { cell: sent.c.caseId, note: '' };
  // A slip may make the number of somebody else: then the line contradicts itself.
  const isOthers = (id.cell !== sent.id && scene.known.has(id.cell)) || (number.cell !== sent.c.caseId && scene.known.has(number.cell));
  const noise = [idWay?.name, numberWay?.name, payee.way?.name].filter((n) => n !== undefined);
  const truth = truthOf(scene, idWay?.leaves ?? 'whole', numberWay?.leaves ?? 'whole', payee, noise, isLatest);
  return { id: id.cell, cell: number.cell, payee, amount: sent.amountMinor, currency: 'USD', on: day(random.integer(8, 28)), status: 'ENTREGADO', note: [id.note, number.note].filter((n) => n !== '').join(' '), truth: isOthers ? { ...truth, due: false } : truth };
}

const HEAD = 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones';

function cellsOf(folio: string, d: Draft): string[] {
  const isDelivered = d.status === 'ENTREGADO' || d.status === 'REVISAR';
  const delivered = Math.round((d.amount / 100) * 18 * 100);
  return [folio, d.id, d.cell, d.payee.text, money(d.amount), d.currency, isDelivered ? '18.0000' : '', isDelivered ? '0.00' : '', isDelivered ? money(delivered) : '', isDelivered ? 'MXN' : '', d.on, d.status, d.note];
}

/** The report of one partner on what was sent through it. `open` are older disbursements that nobody reports. */
export function forwardingFile(name: string, sent: readonly Sent[], open: ReadonlyMap<string, Sent>, { random, known }: { random: Random; like: Lookalikes; known: ReadonlySet<string> }, truth: Map<string, Truth>): { name: string; text: string } {
  const sheet = new Sheet(name, HEAD, truth);
  const byAmount = Map.groupBy([...sent, ...open.values()], (s) => s.amountMinor);
  let folio = 0;
  const next = (): string => `${name.slice(0, 3)}26-${String(folio++).padStart(6, '0')}`;
  for (const s of sent) {
    const scene: Scene = { sent: s, other: random.pick(sent.filter((x) => x.id !== s.id)), random, rivals: byAmount.get(s.amountMinor) ?? [], known };
    const isOlder = open.get(s.c.caseId) !== undefined && random.chance(0.3);
    const meant = isOlder ? { ...scene, sent: open.get(s.c.caseId) as Sent } : scene;
    const situation = random.chance(0.25) ? random.pick(SITUATIONS) : null;
    const drafted = draftOf(meant, !isOlder);
    const done = situation === null ? drafted : situation.apply(drafted, meant);
    const d = { ...done, truth: { ...done.truth, noise: [...done.truth.noise, ...(situation === null ? [] : [situation.name]), ...(isOlder ? ['older_disbursement'] : [])] } };
    sheet.add(cellsOf(next(), d), d.truth);
    // Reported once more as delivered, under a new folio and later: the money went once.
    if (random.chance(0.01) && situation === null && d.truth.moves === 'posted' && d.truth.due) sheet.add(cellsOf(next(), { ...d, on: '2026-03-29' }), { ...d.truth, moves: 'none', due: false, noise: ['delivered_twice'] });
  }
  return { name, text: sheet.text };
}
