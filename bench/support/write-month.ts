// Writes a month of any size, a piece at a time, in a process of its own: nothing of it is held, here or in the process that is measured.
// Cases follow from their number alone, so that a line can be written without keeping the case.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/demo/random.ts';
import type { Random } from '../../src/demo/random.ts';
import { numberOf } from './payment-world.ts';
import type { WorldCase } from './payment-world.ts';
import { fullName, makePerson, printed } from './people.ts';
import type { Person } from './people.ts';

const [directory, cases, lines, noise] = process.argv.slice(2).map((arg, i) => (i === 0 ? arg : Number(arg))) as [string, number, number, number];
const LINES_A_FILE = 100_000;
const LINES_A_TRANSFER = 40;
const CHUNK_CHARACTERS = 1 << 20;

const money = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
const day = (n: number): string => `2026-03-${String(n).padStart(2, '0')}`;
const cell = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function caseAt(i: number): WorldCase {
  const random = seededRandom(Math.imul(i + 1, 0x9e3779b1));
  const isImperial = random.chance(0.25);
  const isKorean = !isImperial && random.chance(0.3);
  return {
    caseId: isImperial ? `IM-${String(40_000 + i * 3).padStart(7, '0')}` : `200000${4_100_000 + i * 7}`, county: isImperial ? '06025' : '06037', isOpen: true, isKorean,
    payer: makePerson(random, isKorean), receiver: makePerson(random, isKorean), amountMinor: random.integer(80, 1_200) * 100 + (random.chance(0.4) ? random.integer(1, 99) : 0),
  };
}

class Sheet {
  readonly #file: number;
  #text: string;
  constructor(name: string, heading: string) {
    this.#file = openSync(join(directory, name), 'w');
    this.#text = heading;
  }
  add(line: string): void {
    this.#text += line;
    if (this.#text.length > CHUNK_CHARACTERS) this.#flush();
  }
  close(end = ''): void {
    this.#text += end;
    this.#flush();
    closeSync(this.#file);
  }
  #flush(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }
}

const manifest: { name: string; partner: string }[] = [];
const groups = { la: [] as number[], cx: [] as number[], kr: [] as number[] };
const extract = new Sheet('cases.ndjson', '');
const register = new Sheet('disbursements.csv', 'disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method\n');
const mexicans: number[] = [];
for (let i = 0; i < cases; i++) {
  const c = caseAt(i);
  (c.isKorean ? groups.kr : c.county === '06025' ? groups.cx : groups.la).push(i);
  if (!c.isKorean && mexicans.length < Math.floor(lines / 2)) mexicans.push(i);
  extract.add(`${JSON.stringify({
    extractVersion: '1.0', caseId: c.caseId, county: c.county, status: 'open', assistance: 'never', openedOn: '2020-01-01',
    participants: [{ participantId: 'P1', role: 'obligor', name: c.payer.name }, { participantId: 'P2', role: 'obligee', name: c.receiver.name }, { participantId: 'P3', role: 'dependent', name: { given: 'Sol', family: c.payer.name.family } }],
    orders: [], balances: [],
  })}\n`);
}
extract.close();

const disbursementId = (n: number): string => `D2603${String(n + 1_000_000).padStart(7, '0')}`;
mexicans.forEach((i, n) => {
  const c = caseAt(i);
  register.add(`${[disbursementId(n), 'B1', c.caseId, c.county === '06025' ? 'mx-consulate-calexico' : 'mx-consulate-los-angeles', fullName(c.receiver), money(c.amountMinor), 'USD', day(1 + (n % 4)), 'consulate'].map(cell).join(',')}\n`);
});
register.close();

const nameOn = (person: Person, random: Random): string => (random.chance(0.2 * noise) ? printed(person, random).text : fullName(person));

function* pieces<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += LINES_A_FILE) yield all.slice(from, from + LINES_A_FILE);
}

function forwarding(code: string, partner: string, own: readonly { i: number; n: number }[], random: Random): void {
  let part = 0;
  for (const piece of pieces(own)) {
    const name = `${code}${++part}_forwarding.csv`;
    manifest.push({ name, partner });
    const sheet = new Sheet(name, 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones\n');
    piece.forEach(({ i, n }, at) => {
      const c = caseAt(i);
      const where = numberOf(c, random, noise);
      const isDelivered = random.chance(0.9);
      sheet.add(`${[`${code}${part}-${String(at).padStart(6, '0')}`, random.chance(0.95) ? disbursementId(n) : '', where.caseId, nameOn(c.receiver, random), money(c.amountMinor), 'USD', isDelivered ? '18.0000' : '', isDelivered ? '0.00' : '',
        isDelivered ? money(c.amountMinor * 18) : '', isDelivered ? 'MXN' : '', day(random.integer(5, 28)), isDelivered ? 'ENTREGADO' : 'DEVUELTO', ''].map(cell).join(',')}\n`);
    });
    sheet.close();
  }
}

const bank = new Sheet('bank.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>'
  + '<Ntfctn><Id>N</Id><CreDtTm>2026-04-01T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230099</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n');
let credits = 0;

function credit(transfer: string, minor: number, on: string): void {
  credits += 1;
  bank.add(`<Ntry><NtryRef>${credits}</NtryRef><Amt Ccy="USD">${money(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on}</Dt></BookgDt><ValDt><Dt>${on}</Dt></ValDt>`
    + `<AcctSvcrRef>BK${credits}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>${transfer}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>\n`);
}

function remittance(code: string, partner: string, own: readonly number[], count: number, random: Random): void {
  for (let part = 0; part * LINES_A_FILE < count; part++) {
    const name = `${code}${part + 1}_remittance.csv`;
    manifest.push({ name, partner });
    const sheet = new Sheet(name, partner === 'kr-kcsa' ? '접수번호,사건번호,채무자,채권자,금액,통화,환율,수수료,송금액,수납일,송금일,이체번호,비고\n'
      : 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto\n');
    const here = Math.min(LINES_A_FILE, count - part * LINES_A_FILE);
    for (let from = 0; from < here; from += LINES_A_TRANSFER) {
      const transfer = `TR${code}${part + 1}${String(from).padStart(6, '0')}`;
      const on = day(1 + Math.floor((from / here) * 26));
      let sum = 0;
      for (let at = from; at < Math.min(from + LINES_A_TRANSFER, here); at++) {
        const c = caseAt(random.pick(own));
        const where = numberOf(c, random, noise);
        sum += c.amountMinor;
        const [amount, currency, rate] = partner === 'kr-kcsa' ? [String(c.amountMinor * 10), 'KRW', '0.001'] : [money(c.amountMinor * 20), 'MXN', '0.05'];
        sheet.add(`${[`${code}${part + 1}-${String(at).padStart(6, '0')}`, where.caseId, nameOn(c.payer, random), nameOn(c.receiver, random), amount, currency, rate, '0.00', money(c.amountMinor), on, on, transfer, where.note].map(cell).join(',')}\n`);
      }
      credit(transfer, random.chance(0.05) ? sum - 1_500 : sum, on);
    }
    sheet.close();
  }
}

const random = seededRandom(1);
const sent = mexicans.map((i, n) => ({ i, n }));
forwarding('FLA', 'mx-consulate-los-angeles', sent.filter(({ i }) => caseAt(i).county === '06037'), random);
forwarding('FCX', 'mx-consulate-calexico', sent.filter(({ i }) => caseAt(i).county === '06025'), random);
const rest = lines - mexicans.length;
const shares = { la: Math.floor(rest * 0.5), cx: Math.floor(rest * 0.25) };
remittance('RLA', 'mx-consulate-los-angeles', groups.la, shares.la, random);
remittance('RCX', 'mx-consulate-calexico', groups.cx, shares.cx, random);
remittance('RKR', 'kr-kcsa', groups.kr, rest - shares.la - shares.cx, random);
bank.close('</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n');
writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
