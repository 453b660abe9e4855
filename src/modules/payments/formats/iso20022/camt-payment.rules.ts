import { parseDecimal } from '../../../../platform/money.ts';
import type { BankEntryDetails } from '../bank-entry.rules.ts';
import { allAt, amountOf, at, child, codeAt, dayOf, readAmount, textAt } from './camt-node.rules.ts';
import type { Payment, XmlNode } from './camt-node.rules.ts';
import { garnishmentFaults } from './garnishment.rules.ts';

/** What one payment inside an entry says (`TxDtls`), and how its amount came about: instructed, converted and charged, each as given. */

/** `XchgRate` has at most eleven digits (BaseOneRate). */
const RATE_DIGITS_MAX = 11;
const REFERENCES = ['EndToEndId', 'InstrId', 'AcctSvcrRef', 'TxId', 'ClrSysRef', 'UETR', 'PmtInfId', 'MsgId'];

export function paymentOf(node: XmlNode): Payment {
  const refs = child(node, 'Refs');
  const references: string[] = [];
  if (refs) for (const name of REFERENCES) references.push(textAt(refs, name));
  const texts: string[] = [];
  let garnishment = '';
  const remittance = child(node, 'RmtInf');
  if (remittance) {
    for (const one of remittance.children) if (one.name === 'Ustrd' && one.text.trim() !== '') texts.push(one.text.trim());
    for (const reference of allAt(remittance, 'Strd', 'CdtrRefInf', 'Ref')) references.push(reference.text);
    garnishment = garnishmentFaults(remittance);
  }
  const more = textAt(node, 'AddtlTxInf');
  if (more !== '') texts.push(more);
  const returned = child(node, 'RtrInf');
  return {
    amount: amountOf(child(node, 'Amt') ?? at(node, 'AmtDtls', 'TxAmt', 'Amt')), direction: textAt(node, 'CdtDbtInd'), references, texts,
    ...detailsOf(node), ...(garnishment === '' ? {} : { garnishment }), returned: returned ? codeAt(returned, 'Rsn') : null,
  };
}

/** Of an entry (`Ntry`) or payment (`TxDtls`). */
export function detailsOf(node: XmlNode): { details: BankEntryDetails | undefined; faults: string[] } {
  const amounts = child(node, 'AmtDtls');
  const charged = node.children.filter((one) => one.name === 'Chrgs');
  if (!amounts && charged.length === 0) return { details: undefined, faults: NO_FAULTS };
  const details: BankEntryDetails = {};
  const faults: string[] = [];
  for (const [element, key] of [['InstdAmt', 'instructed'], ['CntrValAmt', 'counterValue']] as const) {
    const given = amounts && at(amounts, element, 'Amt');
    if (!given) continue;
    const amount = readAmount(given);
    if (typeof amount === 'string') faults.push(amount);
    else details[key] = { amountMinor: amount.minor, currency: amount.currency };
  }
  const exchange = amounts && exchangeIn(amounts);
  if (exchange) {
    const rate = rateOf(exchange);
    if (rate) details.rate = rate;
    else faults.push('bank.rate_unreadable');
  }
  const charges = charged.flatMap((one) => {
    const records = one.children.filter((record) => record.name === 'Rcrd');
    return (records.length > 0 ? records : [one]).flatMap((record) => chargeOf(record, faults));
  });
  if (charges.length > 0) details.charges = charges;
  return { details: Object.keys(details).length > 0 ? details : undefined, faults };
}

const NO_FAULTS: string[] = [];

/** The rate stands with whichever amount it made; where several give one, that of the counter value is the one that was applied. */
function exchangeIn(amounts: XmlNode): XmlNode | undefined {
  return at(amounts, 'CntrValAmt', 'CcyXchg') ?? at(amounts, 'TxAmt', 'CcyXchg') ?? at(amounts, 'InstdAmt', 'CcyXchg') ?? at(amounts, 'PrtryAmt', 'CcyXchg');
}

/** `UnitCcy` is the currency of which one unit is worth the rate; without it the order of source and target is all there is. */
function rateOf(exchange: XmlNode): BankEntryDetails['rate'] | null {
  const rate = textAt(exchange, 'XchgRate');
  const decimal = parseDecimal(rate);
  if (!decimal || decimal.digits <= 0n || rate.replace(/\D/g, '').length > RATE_DIGITS_MAX) return null;
  const source = textAt(exchange, 'SrcCcy');
  const target = textAt(exchange, 'TrgtCcy');
  const unit = textAt(exchange, 'UnitCcy');
  const isTurned = unit !== '' && unit === target && source !== '';
  return { rate, source: isTurned ? target : source, target: isTurned ? source : target, quotedOn: dayOf(textAt(exchange, 'QtnDt')) };
}

/** A charge that the bank gives back is negative. Version 02 has one charge in each `Chrgs`, later ones a `Rcrd` for each. */
function chargeOf(record: XmlNode, faults: string[]): { amountMinor: bigint; currency: string; bearer: string }[] {
  const given = child(record, 'Amt');
  if (!given) return [];
  const amount = readAmount(given);
  if (typeof amount === 'string') {
    faults.push(amount);
    return [];
  }
  return [{ amountMinor: textAt(record, 'CdtDbtInd') === 'CRDT' ? -amount.minor : amount.minor, currency: amount.currency, bearer: textAt(record, 'Br').slice(0, 4) }];
}
