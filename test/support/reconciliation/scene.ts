import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { importBank, importDisbursements, importPayments } from '../../../src/modules/payments/index.ts';
import { reconcile, streamOutcomes } from '../../../src/modules/reconciliation/index.ts';
import type { LineOutcome } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall } from '../database.ts';
import type { TestDatabase } from '../database.ts';

export const LA = 'mx-consulate-los-angeles';
export const FORWARDING = 'folio,disbursement_id,expediente,beneficiario,importe,moneda,tipo_cambio,comision,importe_entregado,moneda_entregada,fecha,estatus,observaciones';
export const REMITTANCE = 'folio,expediente,deudor,acreedor,importe_origen,moneda_origen,tipo_cambio,comision,importe_usd,fecha_cobro,fecha_envio,transferencia,concepto';

type Names = { readonly payer: string; readonly receiver: string };

/** A case of one couple; names are given as "given family second". */
export function caseLine(caseId: string, { payer, receiver }: Names, more: Record<string, unknown> = {}): string {
  const name = (text: string): Record<string, string> => {
    const [given, family, secondFamily] = text.split(' ') as [string, string, string | undefined];
    return { given, family, ...(secondFamily === undefined ? {} : { secondFamily }) };
  };
  return JSON.stringify({
    extractVersion: '1.0', caseId, county: '06037', status: 'open', assistance: 'never', openedOn: '2020-01-01',
    participants: [{ participantId: 'P1', role: 'obligor', name: name(payer) }, { participantId: 'P2', role: 'obligee', name: name(receiver) },
      { participantId: 'P3', role: 'dependent', name: name('Sol Prueba') }],
    orders: [], balances: [], ...more,
  });
}

export const importCases = (ctx: Ctx, lines: readonly string[]) => importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Buffer.from(`${lines.join('\n')}\n`) });

export function importRegister(ctx: Ctx, rows: readonly string[]) {
  const text = ['disbursement_id,batch_id,case_id,partner,payee_name,amount,currency,issued_on,method', ...rows].join('\n');
  return importDisbursements(ctx, { fileName: 'disbursements.csv', source: Buffer.from(`${text}\n`) });
}

export function importLines(ctx: Ctx, fileName: string, heading: string, rows: readonly string[], partnerId = LA) {
  return importPayments(ctx, { partnerId, fileName, source: Buffer.from(`${[heading, ...rows].join('\n')}\n`) });
}

export type BankRow = { readonly transfer: string; readonly amount: string; readonly on: string; readonly text?: string; readonly isDebit?: boolean; readonly isReversal?: boolean };

export function importCredits(ctx: Ctx, id: string, rows: readonly BankRow[]) {
  const entries = rows.map((r, i) => `<Ntry><NtryRef>${i + 1}</NtryRef><Amt Ccy="USD">${r.amount}</Amt><CdtDbtInd>${r.isDebit ? 'DBIT' : 'CRDT'}</CdtDbtInd>${r.isReversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${r.on}</Dt></BookgDt>
    <ValDt><Dt>${r.on}</Dt></ValDt><AcctSvcrRef>${id}${i}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>${r.transfer}</EndToEndId></Refs>${r.text === undefined ? '' : `<RmtInf><Ustrd>${r.text}</Ustrd></RmtInf>`}</TxDtls></NtryDtls></Ntry>`);
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>${id}</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>
    <Ntfctn><Id>${id}</Id><CreDtTm>2026-04-01T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230041</Id></Othr></Id><Ccy>USD</Ccy></Acct>${entries.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;
  return importBank(ctx, { fileName: `${id}.xml`, source: Buffer.from(xml) });
}

/** Runs and returns the outcomes of the files that the run handled, by `file:line`. */
export async function reconcileAll(ctx: Ctx): Promise<Map<string, LineOutcome>> {
  const { runId } = await reconcile(ctx);
  const outcomes = new Map<string, LineOutcome>();
  for await (const outcome of streamOutcomes(ctx, runId)) outcomes.set(`${outcome.file}:${outcome.line}`, outcome);
  return outcomes;
}

/** What the ledger says, without anything that depends on when or in which order it was told. */
export async function postings(db: TestDatabase): Promise<string[]> {
  const rows = await behindTheWall<{ text: string }>(db, `
    select t.transfer_key || ' ' || a.code || ' ' || e.amount_minor || ' ' || t.occurred_on as text
      from ledger_entries e join ledger_transfers t using (agency_id, transfer_id) join ledger_accounts a using (agency_id, account_id) order by 1`);
  return rows.map((r) => r.text);
}

export async function balance(db: TestDatabase, code: string): Promise<number> {
  const [row] = await behindTheWall<{ minor: string | null }>(db, 'select sum(b.balance_minor) as minor from ledger_balances b join ledger_accounts a using (agency_id, account_id) where a.code = $1', [code]);
  return Number(row?.minor ?? 0);
}
