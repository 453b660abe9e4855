import { createHash } from 'node:crypto';
import type { Random } from '../../../src/demo/random.ts';
import { extractLine, Lookalikes, makeCaseload } from './caseload.ts';
import type { HardCase } from './caseload.ts';
import { forwardingFile } from './forwardings.ts';
import type { Sent } from './forwardings.ts';
import { cell, day, money } from './lines.ts';
import type { Truth } from './lines.ts';
import { fullName } from './persons.ts';
import { remittanceFile } from './remittances.ts';
import type { Credit } from './remittances.ts';

export type NoisyWorld = { readonly cases: readonly HardCase[]; readonly extract: string; readonly register: string; readonly bank: string; readonly files: readonly { readonly name: string; readonly partner: string; readonly text: string }[]; readonly truth: ReadonlyMap<string, Truth> };

function statement(credits: readonly Credit[]): string {
  const entries = credits.map((c, i) => `<Ntry><NtryRef>${i + 1}</NtryRef><Amt Ccy="USD">${money(c.minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${c.on}</Dt></BookgDt><ValDt><Dt>${c.on}</Dt></ValDt>`
    + `<AcctSvcrRef>BK${createHash('md5').update(c.transfer).digest('hex').slice(0, 10)}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>${c.transfer}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>`
    + `<Ntfctn><Id>N</Id><CreDtTm>2026-04-01T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230099</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n${entries.join('\n')}\n</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n`;
}

const PARTNERS = [['FLA', 'RLA', 'mx-consulate-los-angeles'], ['FCX', 'RCX', 'mx-consulate-calexico'], ['', 'RKR', 'kr-kcsa']] as const;

/** Lines of every kind of noise that the authors could think of, each with what may become of it. The same seed makes the same world. */
export function makeNoisyWorld(random: Random, size: { readonly cases: number; readonly lines: number }): NoisyWorld {
  const cases = makeCaseload(size.cases, random);
  const like = new Lookalikes(cases);
  const truth = new Map<string, Truth>();
  const files: { name: string; partner: string; text: string }[] = [];
  const register = ['disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method'];
  const credits: Credit[] = [];
  const known = new Set(cases.map((c) => c.caseId));
  let id = 10_000;
  for (const [forwarding, remittance, partner] of PARTNERS) {
    const own = cases.filter((c) => c.partner === partner);
    const share = own.length / cases.length;
    if (forwarding !== '') {
      const payees = own.filter((c) => c.isOpen);
      const sent: Sent[] = [];
      const open = new Map<string, Sent>();
      for (const c of payees.slice(0, Math.floor(size.lines * 0.5 * share))) {
        sent.push({ id: `D2603${String(id++).padStart(6, '0')}`, c, amountMinor: c.amountMinor, on: day(random.integer(1, 7)) });
        if (random.chance(0.1)) open.set(c.caseId, { id: `D2602${String(id++).padStart(6, '0')}`, c, amountMinor: c.amountMinor, on: day(random.integer(1, 25), 2) });
      }
      for (const s of [...sent, ...open.values()]) known.add(s.id);
      for (const s of [...sent, ...open.values()]) register.push([s.id, 'B1', s.c.caseId, partner, fullName(s.c.receiver), money(s.amountMinor), 'USD', s.on, 'consulate'].map(cell).join(','));
      files.push({ partner, ...forwardingFile(`${forwarding}_forwarding.csv`, sent, open, { random, like, known }, truth) });
    }
    const advice = remittanceFile(`${remittance}_remittance.csv`, own, Math.floor(size.lines * 0.6 * share), { random, like, known }, truth);
    files.push(...advice.texts.map((t) => ({ partner, ...t })));
    credits.push(...advice.credits);
  }
  return { cases, extract: `${cases.map(extractLine).join('\n')}\n`, register: `${register.join('\n')}\n`, bank: statement(credits), files, truth };
}
