import { isCalendarDate } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import { formatMajor, isCurrency, parseMajor } from '../../../../platform/money.ts';
import { dedOf, validateDed } from '../nacha/ded.rules.ts';
import type { DedSegment } from '../nacha/ded.rules.ts';
import { allAt, child, textAt } from './camt-node.rules.ts';
import type { XmlNode } from './camt-node.rules.ts';

/**
 * `GrnshmtRmt` of ISO 20022 structured remittance information (Garnishment3 of camt.054.001.08 and pain.001.001.09): the twin of the
 * DED segment of ACH addenda. What DED says and `GrnshmtRmt` has no element for stands in elements of its parties; what not even those can
 * hold stands, as printed, in `AddtlRmtInf` beside it.
 *
 * | DED | GrnshmtRmt |
 * | --- | --- |
 * | 01 type | `Tp/CdOrPrtry`: `CS` is the code `GNCS`, any other stands as proprietary, issued by `ANSI X12 DED` |
 * | 02 case | `RefNb` · 03 date `Dt` · 04 amount `RmtdAmt` in USD |
 * | 05 SSN, 07 name | `Grnshee`: `Id/PrvtId/Othr/Id` under the scheme `SOSE`; `Nm` |
 * | 06 medical | `FmlyMdclInsrncInd`; `W`, not applicable: absent · 09 ended `MplyeeTermntnInd`; nothing: absent |
 * | 08 FIPS | `GrnshmtAdmstr/Id/OrgId/Othr/Id` under the proprietary scheme `FIPS` |
 */

export interface Garnishment {
  readonly type: { readonly code: string; readonly isProprietary: boolean; readonly issuer: string };
  readonly garnishee: GarnishmentParty | null;
  readonly administrator: GarnishmentParty | null;
  readonly reference: string;
  readonly date: CalendarDate | null;
  readonly amount: { readonly amountMinor: bigint; readonly currency: string } | null;
  readonly medical: boolean | null;
  readonly terminated: boolean | null;
  /** `AddtlRmtInf` of the same remittance: three texts of 140 characters. */
  readonly additional: readonly string[];
}

export interface GarnishmentParty {
  readonly name: string;
  readonly ids: readonly GarnishmentId[];
}

export interface GarnishmentId {
  readonly of: 'person' | 'organisation';
  readonly id: string;
  readonly scheme: string;
  readonly isProprietary: boolean;
  readonly issuer: string;
}

const CHILD_SUPPORT = 'GNCS';
const DED_ISSUER = 'ANSI X12 DED';
const SSN = 'SOSE';
const FIPS = 'FIPS';
const ADDITIONAL_CHARS = 140;
const ADDITIONAL_MAX = 3;
const PRINTED = 'DED*';

/** @throws AppError `garnishment.unmappable` when not even the text as printed fits beside it. */
export function garnishmentOf(segment: DedSegment): Garnishment {
  const plain = structured(segment);
  if (isSame(plainDed(plain), segment)) return plain;
  const printed = [
    'DED', segment.type, segment.caseId, segment.unread?.date ?? segment.date?.replaceAll('-', '') ?? '', segment.unread?.amount ?? String(segment.amountCents ?? ''), segment.obligorSsn, segment.medical,
    segment.name, segment.fips, segment.terminated,
  ].join('*');
  const additional: string[] = [];
  for (let at = 0; at < printed.length; at += ADDITIONAL_CHARS) additional.push(printed.slice(at, at + ADDITIONAL_CHARS));
  if (additional.length > ADDITIONAL_MAX) throw new AppError('invalid', 'garnishment.unmappable', { params: { charsMax: ADDITIONAL_CHARS * ADDITIONAL_MAX } });
  return { ...plain, additional };
}

function structured(segment: DedSegment): Garnishment {
  const cut = (text: string, most: number): string => (text.length <= most && text.trim() === text ? text : '');
  const ssn = cut(segment.obligorSsn, 35);
  const name = cut(segment.name, 140);
  const fips = cut(segment.fips, 35);
  return {
    type: segment.type === 'CS' ? { code: CHILD_SUPPORT, isProprietary: false, issuer: '' } : { code: cut(segment.type, 35) || 'DED', isProprietary: true, issuer: DED_ISSUER },
    garnishee: ssn === '' && name === '' ? null : { name, ids: ssn === '' ? [] : [{ of: 'person', id: ssn, scheme: SSN, isProprietary: false, issuer: '' }] },
    administrator: fips === '' ? null : { name: '', ids: [{ of: 'organisation', id: fips, scheme: FIPS, isProprietary: true, issuer: '' }] },
    reference: cut(segment.caseId, 140), date: segment.date,
    amount: segment.amountCents === null || segment.amountCents >= 10n ** 18n ? null : { amountMinor: segment.amountCents, currency: 'USD' },
    medical: segment.medical === 'Y' ? true : segment.medical === 'N' ? false : null, terminated: segment.terminated === 'Y' ? true : segment.terminated === 'N' ? false : null,
    additional: [],
  };
}

/** The DED segment of a garnishment, and the elements that no DED can hold: nothing is dropped without being named. */
export function dedOfGarnishment(garnishment: Garnishment): { segment: DedSegment; unheld: string[] } {
  const printed = garnishment.additional.join('');
  const isPrinted = printed.startsWith(PRINTED);
  const { warnings: _, ...read } = isPrinted ? dedOf(printed.split('*')) : { ...plainDed(garnishment), warnings: [] };
  const back = garnishmentOf(read);
  const unheld = (Object.keys(PATHS) as (keyof Garnishment)[]).filter((field) => said(garnishment[field]) !== said(back[field])).map((field) => PATHS[field]);
  return { segment: read, unheld };
}

const PATHS: Readonly<Record<keyof Garnishment, string>> = {
  type: 'GrnshmtRmt/Tp', garnishee: 'GrnshmtRmt/Grnshee', administrator: 'GrnshmtRmt/GrnshmtAdmstr', reference: 'GrnshmtRmt/RefNb', date: 'GrnshmtRmt/Dt', amount: 'GrnshmtRmt/RmtdAmt',
  medical: 'GrnshmtRmt/FmlyMdclInsrncInd', terminated: 'GrnshmtRmt/MplyeeTermntnInd', additional: 'AddtlRmtInf',
};
const said = (value: unknown): string => JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

function plainDed(garnishment: Garnishment): DedSegment {
  const { type, garnishee, administrator, amount, medical, terminated } = garnishment;
  const idOf = (party: GarnishmentParty | null, scheme: string) => party?.ids.find((one) => one.scheme === scheme)?.id ?? '';
  return {
    type: !type.isProprietary && type.code === CHILD_SUPPORT ? 'CS' : type.issuer === DED_ISSUER ? type.code : '', caseId: garnishment.reference, date: garnishment.date,
    amountCents: amount?.currency === 'USD' ? amount.amountMinor : null, obligorSsn: idOf(garnishee, SSN), medical: medical === null ? 'W' : medical ? 'Y' : 'N',
    name: garnishee?.name ?? '', fips: idOf(administrator, FIPS), terminated: terminated === null ? '' : terminated ? 'Y' : 'N',
  };
}

const isSame = (a: DedSegment, b: DedSegment): boolean => b.unread === undefined
  && ([a.type, a.caseId, a.date, a.amountCents, a.obligorSsn, a.medical, a.name, a.fips, a.terminated] as const)
    .every((value, at) => value === [b.type, b.caseId, b.date, b.amountCents, b.obligorSsn, b.medical, b.name, b.fips, b.terminated][at]);

/** Every garnishment of a remittance (`RmtInf`), with what in it could not be read. */
export function readGarnishments(remittance: XmlNode): { garnishment: Garnishment; warnings: string[]; line: number }[] {
  return allAt(remittance, 'Strd').flatMap((strd) => {
    const node = child(strd, 'GrnshmtRmt');
    if (!node) return [];
    const warnings: string[] = [];
    const date = textAt(node, 'Dt');
    if (date !== '' && !isCalendarDate(date)) warnings.push('garnishment.date');
    const amountNode = child(node, 'RmtdAmt');
    const amount = amountNode && isCurrency(amountNode.currency ?? '') ? parseMajor(amountNode.text.trim(), amountNode.currency as string) : null;
    if (amountNode && (amount === null || amount < 0n)) warnings.push('garnishment.amount');
    const code = textAt(node, 'Tp', 'CdOrPrtry', 'Cd');
    const proprietary = textAt(node, 'Tp', 'CdOrPrtry', 'Prtry');
    if (code === '' && proprietary === '') warnings.push('garnishment.type');
    const garnishment: Garnishment = {
      type: { code: code || proprietary, isProprietary: code === '', issuer: textAt(node, 'Tp', 'Issr') },
      garnishee: partyOf(child(node, 'Grnshee')), administrator: partyOf(child(node, 'GrnshmtAdmstr')), reference: textAt(node, 'RefNb'), date: isCalendarDate(date) ? date : null,
      amount: amount !== null && amount >= 0n ? { amountMinor: amount, currency: amountNode?.currency as string } : null,
      medical: booleanOf(textAt(node, 'FmlyMdclInsrncInd')), terminated: booleanOf(textAt(node, 'MplyeeTermntnInd')),
      additional: allAt(strd, 'AddtlRmtInf').map((one) => one.text),
    };
    return [{ garnishment, warnings, line: node.line }];
  });
}

/** In what the garnishments of a remittance deviate, for child support element by element; empty where there are none or all are right. */
export function garnishmentFaults(remittance: XmlNode): string {
  const faults = readGarnishments(remittance).flatMap(({ garnishment, warnings }) => [
    ...warnings, ...(garnishment.type.code === CHILD_SUPPORT && !garnishment.type.isProprietary ? validateDed(dedOfGarnishment(garnishment).segment) : []),
  ]);
  return [...new Set(faults)].join(' ');
}

const booleanOf = (text: string): boolean | null => (/^(true|1)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : null);

function partyOf(node: XmlNode | undefined): GarnishmentParty | null {
  if (!node) return null;
  const ids = (kind: 'OrgId' | 'PrvtId'): GarnishmentId[] => allAt(node, 'Id', kind, 'Othr').map((one) => ({
    of: kind === 'PrvtId' ? 'person' : 'organisation', id: textAt(one, 'Id'), scheme: textAt(one, 'SchmeNm', 'Cd') || textAt(one, 'SchmeNm', 'Prtry'),
    isProprietary: textAt(one, 'SchmeNm', 'Cd') === '' && textAt(one, 'SchmeNm', 'Prtry') !== '', issuer: textAt(one, 'Issr'),
  }));
  return { name: textAt(node, 'Nm'), ids: [...ids('PrvtId'), ...ids('OrgId')] };
}

/** Elements in their order, as the writer of XML takes them. */
export type XmlElements = { readonly [name: string]: string | XmlElements | readonly (string | XmlElements)[] };

/** The `Strd` element of a garnishment. */
export function garnishmentElements(garnishment: Garnishment): XmlElements {
  const { type, garnishee, administrator, reference, date, amount, medical, terminated, additional } = garnishment;
  return {
    GrnshmtRmt: {
      Tp: { CdOrPrtry: { [type.isProprietary ? 'Prtry' : 'Cd']: type.code }, ...(type.issuer === '' ? {} : { Issr: type.issuer }) },
      ...(garnishee ? { Grnshee: partyElements(garnishee) } : {}), ...(administrator ? { GrnshmtAdmstr: partyElements(administrator) } : {}),
      ...(reference === '' ? {} : { RefNb: reference }), ...(date === null ? {} : { Dt: date }),
      ...(amount ? { RmtdAmt: { '@Ccy': amount.currency, '#': formatMajor(amount.amountMinor, amount.currency) } } : {}),
      ...(medical === null ? {} : { FmlyMdclInsrncInd: String(medical) }), ...(terminated === null ? {} : { MplyeeTermntnInd: String(terminated) }),
    },
    ...(additional.length === 0 ? {} : { AddtlRmtInf: additional }),
  };
}

function partyElements(party: GarnishmentParty): XmlElements {
  const [first] = party.ids;
  return {
    ...(party.name === '' ? {} : { Nm: party.name }),
    ...(first ? { Id: { [first.of === 'person' ? 'PrvtId' : 'OrgId']: { Othr: party.ids.filter((one) => one.of === first.of).map((one) => ({
      Id: one.id, ...(one.scheme === '' ? {} : { SchmeNm: { [one.isProprietary ? 'Prtry' : 'Cd']: one.scheme } }), ...(one.issuer === '' ? {} : { Issr: one.issuer }),
    })) } } } : {}),
  };
}
