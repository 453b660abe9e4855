import { createHash } from 'node:crypto';
import type { Random } from '../../src/demo/random.ts';
import { fullName, makePerson, printed } from './people.ts';
import type { Person } from './people.ts';

/**
 * A fictional caseload with the files of one month and what should become of each line. Noisier than real files, and noisy in
 * ways in which the rules were not written, so that the figures say something.
 */
export type WorldCase = { readonly caseId: string; readonly county: string; readonly isOpen: boolean; readonly isKorean: boolean; readonly payer: Person; readonly receiver: Person; readonly amountMinor: number };
/** `orCase`: a line that may wait for a person, but is right on this case too. */
export type Expected = { readonly outcome: string; readonly caseId: string; readonly noise: string; readonly orCase?: string };
export type WorldFile = { readonly name: string; readonly partner: string; readonly text: string };
export type World = {
  readonly cases: readonly WorldCase[]; readonly extract: string; readonly register: string; readonly files: readonly WorldFile[]; readonly bank: string;
  /** By file and physical line. */
  readonly truth: ReadonlyMap<string, Expected>;
};

const money = (minor: number): string => `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
const day = (n: number): string => `2026-03-${String(n).padStart(2, '0')}`;
const cell = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function makeCases(count: number, random: Random): WorldCase[] {
  const cases: WorldCase[] = [];
  for (let i = 0; i < count; i++) {
    const isImperial = random.chance(0.25);
    const isKorean = !isImperial && random.chance(0.3);
    const before = cases[i - 1];
    // Some couples have two cases, and some persons one with somebody else.
    const again = before !== undefined && before.isKorean === isKorean && random.chance(0.01);
    const known = before !== undefined && before.isKorean === isKorean && random.chance(0.03);
    cases.push({
      caseId: isImperial ? `IM-${String(40_000 + i * 3).padStart(7, '0')}` : `200000${4_100_000 + i * 7}`, county: isImperial ? '06025' : '06037', isOpen: !random.chance(0.04), isKorean,
      payer: again || known ? (before as WorldCase).payer : makePerson(random, isKorean), receiver: again ? (before as WorldCase).receiver : makePerson(random, isKorean),
      amountMinor: random.integer(80, 1_200) * 100 + (random.chance(0.4) ? random.integer(1, 99) : 0),
    });
  }
  return cases;
}

function extractLine(c: WorldCase): string {
  return JSON.stringify({
    extractVersion: '1.0', caseId: c.caseId, county: c.county, status: c.isOpen ? 'open' : 'closed', ...(c.isOpen ? {} : { closedOn: '2026-02-01' }), assistance: 'never', openedOn: '2020-01-01',
    participants: [
      { participantId: 'P1', role: 'obligor', name: c.payer.name }, { participantId: 'P2', role: 'obligee', name: c.receiver.name },
      { participantId: 'P3', role: 'dependent', name: { given: 'Sol', family: c.payer.name.family } },
    ],
    orders: [], balances: [],
  });
}

function mistype(id: string, random: Random): string {
  const at = random.integer(id.length - 6, id.length - 2);
  const swapped = id.slice(0, at) + id[at + 1] + id[at] + id.slice(at + 2);
  return random.pick([swapped === id ? `${id}1` : swapped, id.slice(0, at) + id.slice(at + 1), id.slice(0, at) + id[at] + id.slice(at)]);
}

function inText(id: string, random: Random): string {
  const short = id.slice(-7);
  const forms = [id, id.replace('-', ''), id.length === 13 ? `${id.slice(0, 6)} ${id.slice(6)}` : id.replace('-', ' '), id.length === 13 ? `${short.slice(0, 3)}-${short.slice(3)}` : id.toLowerCase(), short];
  return `${random.pick(['Exp. ', 'caso ', 'ref: ', 'Pensión '])}${random.pick(forms)}${random.pick(['', ' marzo 2026', ' / 03-2026'])}`;
}

type Numbered = { caseId: string; note: string; noise: string };

/** How a line gives its case number. `case_missing` leaves it to the names. */
export function numberOf(c: WorldCase, random: Random, noise: number): Numbered {
  const odd = random.next() / noise;
  if (odd < 0.04) return { caseId: '', note: inText(c.caseId, random), noise: 'case_in_text' };
  if (odd < 0.08) return { caseId: mistype(c.caseId, random), note: '', noise: 'case_mistyped' };
  if (odd < 0.1) return { caseId: c.caseId.replace(/0/gu, 'O'), note: '', noise: 'case_lookalike' };
  if (odd < 0.12) return { caseId: `${c.county}-${c.caseId}`, note: '', noise: 'case_with_county' };
  return odd < 0.2 ? { caseId: '', note: '', noise: 'case_missing' } : { caseId: c.caseId, note: '', noise: '' };
}

class Lines {
  readonly rows: string[];
  readonly #file: string;
  readonly #truth: Map<string, Expected>;
  constructor(file: string, heading: string, truth: Map<string, Expected>) {
    this.#file = file;
    this.rows = [heading];
    this.#truth = truth;
  }
  add(cells: readonly string[], expected: Expected): void {
    this.rows.push(cells.map(cell).join(','));
    this.#truth.set(`${this.#file}:${this.rows.length}`, expected);
  }
}

type Context = { readonly random: Random; readonly noise: number; readonly truth: Map<string, Expected>; readonly cases: readonly WorldCase[]; readonly couples: ReadonlyMap<string, number>; readonly credits: { transfer: string; minor: number; on: string }[] };

const coupleKey = (c: WorldCase): string => `${fullName(c.payer)}/${fullName(c.receiver)}`;

function remittance(name: string, partner: string, own: readonly WorldCase[], count: number, context: Context): WorldFile {
  const { random } = context;
  const isKorean = partner === 'kr-kcsa';
  const lines = new Lines(name, isKorean ? '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고'
    : 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto', context.truth);
  for (let from = 0; from < count; from += 40) {
    const transfer = `TR${partner.slice(-3).toUpperCase()}${name.slice(0, 2)}${String(from).padStart(6, '0')}`;
    const on = day(1 + Math.floor((from / count) * 26));
    let sum = 0;
    for (let i = from; i < Math.min(from + 40, count); i++) sum += remit(lines, `${name.slice(0, 3)}-${String(i).padStart(6, '0')}`, own, transfer, on, isKorean, context);
    const draw = random.next();
    context.credits.push({ transfer, minor: draw < 0.05 ? sum - 1_500 : sum, on });
  }
  return { name, partner, text: `${lines.rows.join('\n')}\n` };
}

function remit(lines: Lines, folio: string, own: readonly WorldCase[], transfer: string, on: string, isKorean: boolean, { random, noise, couples, cases }: Context): number {
  const c = random.pick(own);
  const odd = random.next();
  const other = random.pick(own);
  const stranger = { ...c, payer: makePerson(random, isKorean), receiver: makePerson(random, isKorean) };
  const say = odd < 0.02 ? { ...c, payer: other.payer, receiver: other.receiver } : odd < 0.04 ? stranger : c;
  const isNoisy = random.chance(0.2 * noise);
  const payer = isNoisy ? printed(say.payer, random) : { text: fullName(say.payer), noise: '' };
  const receiver = random.chance(0.1 * noise) ? printed(say.receiver, random) : { text: fullName(say.receiver), noise: '' };
  let where = numberOf(c, random, noise);
  if (odd >= 0.04 && odd < 0.06) where = { ...where, caseId: '', note: '', noise: 'case_missing' };
  if (odd >= 0.04 && odd < 0.06 && c.caseId !== other.caseId) where = { caseId: c.caseId, note: `y caso ${other.caseId}`, noise: 'two_cases_named' };
  if (odd >= 0.06 && odd < 0.07) where = { caseId: '', note: '', noise: 'one_name' };
  const usd = random.integer(20, 900) * 100;
  const [rate, digits] = isKorean ? [0.00072, 0] : [0.055, 2];
  const foreign = isKorean ? Math.round(usd / 100 / rate) : Math.round((usd / 100 / rate) * 100);
  const settled = Math.round(Number(isKorean ? foreign : foreign / 100) * rate * 100);
  lines.add([folio, where.caseId, payer.text, where.noise === 'one_name' ? '' : receiver.text, digits === 0 ? String(foreign) : money(foreign), isKorean ? 'KRW' : 'MXN', String(rate), '0.00', money(settled), on, on, transfer, where.note],
    expectedRemittance(odd, c, say, where, [payer.noise, receiver.noise], couples, cases));
  return settled;
}

function expectedRemittance(odd: number, c: WorldCase, say: WorldCase, where: Numbered, noise: readonly string[], couples: ReadonlyMap<string, number>, _cases: readonly WorldCase[]): Expected {
  const label = [odd < 0.02 ? 'names_of_others' : odd < 0.04 ? 'stranger' : '', where.noise, ...noise].filter((n) => n !== '').join(';') || '(clean)';
  // The other case may be one of the same couple, or the very same.
  const isWrong = coupleKey(say) !== coupleKey(c) || ['two_cases_named', 'one_name'].includes(where.noise) || !c.isOpen;
  const isTie = (couples.get(coupleKey(c)) ?? 0) > 1 && ['case_missing', 'case_mistyped', 'case_lookalike'].includes(where.noise);
  // Names of others without a number are simply a line of the others: whoever posts it there is right.
  if (say !== c && odd < 0.02 && where.caseId === '' && where.note === '') return { outcome: 'any', caseId: '', noise: label };
  if (isTie && !isWrong) return { outcome: 'suspense', caseId: '', noise: label, orCase: c.caseId };
  return isWrong ? { outcome: 'suspense', caseId: '', noise: label } : { outcome: 'posted', caseId: c.caseId, noise: label };
}

function forwarding(name: string, partner: string, sent: readonly { id: string; c: WorldCase }[], context: Context): WorldFile {
  const { random } = context;
  const lines = new Lines(name, 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones', context.truth);
  sent.forEach(({ id, c }, i) => {
    const odd = random.next();
    const isNoisy = random.chance(0.2 * context.noise);
    const other = random.pick(sent).c;
    const person = odd < 0.02 ? other.receiver : c.receiver;
    const payee = isNoisy ? printed(person, random) : { text: fullName(person), noise: '' };
    const amount = odd >= 0.02 && odd < 0.03 ? c.amountMinor + 100 : c.amountMinor;
    const draw = random.next();
    const given = draw < 0.85 ? id : draw < 0.9 ? mistype(id, random) : '';
    const where = numberOf(c, random, context.noise);
    const note = draw >= 0.95 ? `Ref. ${id.slice(0, 5)}-${id.slice(5)}` : '';
    const status = random.chance(0.9) ? 'ENTREGADO' : 'DEVUELTO';
    const delivered = Math.round((amount / 100) * 18 * 100);
    const isWrong = (odd < 0.02 && other.receiver !== c.receiver) || amount !== c.amountMinor;
    const label = [odd < 0.02 ? 'names_of_others' : '', amount === c.amountMinor ? '' : 'other_amount', given === '' ? (note === '' ? 'id_missing' : 'id_in_text') : given === id ? '' : 'id_mistyped', where.noise, payee.noise].filter((n) => n !== '').join(';') || '(clean)';
    lines.add([`${name.slice(0, 3)}-${String(i).padStart(6, '0')}`, given, where.caseId, payee.text, money(amount), 'USD', status === 'ENTREGADO' ? '18.0000' : '', status === 'ENTREGADO' ? '0.00' : '',
      status === 'ENTREGADO' ? money(delivered) : '', status === 'ENTREGADO' ? 'MXN' : '', day(random.integer(5, 28)), status, note],
    isWrong ? { outcome: 'suspense', caseId: '', noise: label } : { outcome: status === 'ENTREGADO' ? 'posted' : 'returned', caseId: c.caseId, noise: label });
  });
  return { name, partner, text: `${lines.rows.join('\n')}\n` };
}

function statement(credits: Context['credits']): string {
  const entries = credits.map((c, i) => `<Ntry><NtryRef>${i + 1}</NtryRef><Amt Ccy="USD">${money(c.minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${c.on}</Dt></BookgDt><ValDt><Dt>${c.on}</Dt></ValDt>`
    + `<AcctSvcrRef>BK${createHash('md5').update(c.transfer).digest('hex').slice(0, 10)}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>${c.transfer}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>`
    + `<Ntfctn><Id>N</Id><CreDtTm>2026-04-01T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230099</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n${entries.join('\n')}\n</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n`;
}

/**
 * Some of the lines report on disbursements, the others remit collections; the same seed makes the same world. With noise 1 every fifth line
 * gives its case number in an odd way or not at all, and every third one a name; real files know about a third of that.
 */
export function makeWorld(random: Random, size: { readonly cases: number; readonly lines: number; readonly noise?: number }): World {
  const cases = makeCases(size.cases, random);
  const couples = new Map<string, number>();
  for (const c of cases) couples.set(coupleKey(c), (couples.get(coupleKey(c)) ?? 0) + 1);
  const context: Context = { random, noise: size.noise ?? 1, truth: new Map(), cases, couples, credits: [] };
  const at = { la: cases.filter((c) => c.county === '06037' && !c.isKorean), cx: cases.filter((c) => c.county === '06025'), kr: cases.filter((c) => c.isKorean) };
  const half = Math.floor(size.lines / 2);
  const mexican = [...at.la, ...at.cx].filter((c) => c.isOpen);
  const sent = Array.from({ length: half }, (_, i) => ({ id: `D2603${String(i + 10_000).padStart(6, '0')}`, c: mexican[i % mexican.length] as WorldCase, on: day(1 + (Math.floor(i / mexican.length) % 4)) }));
  // Each case is sent money once in this month: two open ones of one amount would be a matter for a person.
  const once = sent.slice(0, mexican.length);
  const register = ['disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method',
    ...once.map(({ id, c, on }) => [id, 'B1', c.caseId, c.county === '06025' ? 'mx-consulate-calexico' : 'mx-consulate-los-angeles', fullName(c.receiver), money(c.amountMinor), 'USD', on, 'consulate'].map(cell).join(','))];
  const files = [
    forwarding('FLA_forwarding.csv', 'mx-consulate-los-angeles', once.filter((s) => s.c.county === '06037'), context),
    forwarding('FCX_forwarding.csv', 'mx-consulate-calexico', once.filter((s) => s.c.county === '06025'), context),
    remittance('RLA_remittance.csv', 'mx-consulate-los-angeles', at.la, Math.floor((size.lines - once.length) * 0.5), context),
    remittance('RCX_remittance.csv', 'mx-consulate-calexico', at.cx, Math.floor((size.lines - once.length) * 0.25), context),
    remittance('RKR_remittance.csv', 'kr-kcsa', at.kr, Math.floor((size.lines - once.length) * 0.25), context),
  ];
  return { cases, extract: `${cases.map(extractLine).join('\n')}\n`, register: `${register.join('\n')}\n`, files, bank: statement(context.credits), truth: context.truth };
}
