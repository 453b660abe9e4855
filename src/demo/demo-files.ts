import { gzipSync } from 'node:zlib';
import { parseMajor } from '../platform/money.ts';
import { nachaFile, notification, statement } from './bank-files.ts';
import { disbursementRegister, forwardingReport, PLAIN, remittanceList } from './partner-files.ts';
import type { Dialect } from './partner-files.ts';
import { tellMonth } from './story.ts';
import type { PartnerStory, StoryCase } from './story.ts';

/** A file of the demo, with what the command line would be told about it. */
export interface DemoFile {
  name: string;
  kind: 'disbursements' | 'payments' | 'bank';
  partner: string | null;
  bytes: Buffer;
}

/** What the demo reads of a generated case (contract 1). */
export interface DemoCase {
  caseId: string;
  county: string;
  status: string;
  participants: readonly { role: string; name: { given: string; family: string; secondFamily?: string; native?: string }; residence?: { country: string } }[];
  orders: readonly { obligations: readonly { kind: string; amount: string; currency: string }[] }[];
}

const CALEXICO_FORWARDING: Dialect = { delimiter: ';', encoding: 'win1252', hasDecimalComma: true, dateForm: 'dmy', hasTotalsRow: true, hasFullWidthDigits: false,
  headings: ['Folio', 'No. de pago', 'No. de expediente', 'Beneficiario', 'Monto', 'Divisa', 'T.C.', 'Comisión', 'Monto entregado', 'Moneda entregada', 'Fecha', 'Estatus', 'Observaciones'] };
const ANGELES_REMITTANCE: Dialect = { ...PLAIN, delimiter: ';', encoding: 'win1252', hasDecimalComma: true };
const KOREAN_LIST: Dialect = { ...PLAIN, encoding: 'cp949', dateForm: 'korean', hasTotalsRow: true };
const KOREAN_SECOND: Dialect = { ...PLAIN, encoding: 'utf8-bom', hasFullWidthDigits: true };

/** All files of the demo month in the order in which they arrive: every encoding, separator, heading and bank format. */
export function demoFiles(cases: readonly DemoCase[], seed: number): DemoFile[] {
  const told = cases.map(storyCase).filter((one): one is StoryCase => one !== null);
  const angeles = tellMonth('mx-consulate-los-angeles', 'LA', told.filter((one) => one.county === '06037' && touches(one, 'MX')), seed);
  const calexico = tellMonth('mx-consulate-calexico', 'CX', told.filter((one) => one.county === '06025' && touches(one, 'MX')), seed + 1);
  const korea = tellMonth('kr-kcsa', 'KR', told.filter((one) => touches(one, 'KR')), seed + 2);
  return [register('2026-09_disbursements.csv', [angeles, calexico]), ...bankFiles(angeles, calexico, korea), ...partnerFiles(angeles, calexico, korea)];
}

function register(name: string, stories: readonly PartnerStory[]): DemoFile {
  return { name, kind: 'disbursements', partner: null, bytes: disbursementRegister(stories.flatMap((story) => story.disbursements)) };
}

function partnerFiles(angeles: PartnerStory, calexico: PartnerStory, korea: PartnerStory): DemoFile[] {
  const file = (name: string, partner: string, bytes: Buffer): DemoFile => ({ name, kind: 'payments', partner, bytes });
  const resent = Math.ceil(angeles.forwarding.length / 3);
  const half = Math.ceil(korea.remittances.length / 2);
  return [
    file('2026-09_los-angeles_forwarding.csv', angeles.partner, forwardingReport(angeles.forwarding, { ...PLAIN, encoding: 'utf8-bom' })),
    file('2026-09_los-angeles_forwarding_reenvio.csv', angeles.partner, forwardingReport(angeles.forwarding.slice(0, resent), PLAIN)),
    file('2026-09_los-angeles_remittance.csv', angeles.partner, remittanceList(angeles.remittances, ANGELES_REMITTANCE, 'es')),
    file('2026-09_calexico_forwarding.csv', calexico.partner, forwardingReport(calexico.forwarding, CALEXICO_FORWARDING)),
    file('2026-09_calexico_remittance.csv.gz', calexico.partner, gzipSync(remittanceList(calexico.remittances, PLAIN, 'es'))),
    file('2026-09_kcsa_remittance_1.csv', korea.partner, remittanceList(korea.remittances.slice(0, half), KOREAN_LIST, 'ko')),
    file('2026-09_kcsa_remittance_2.csv', korea.partner, remittanceList(korea.remittances.slice(half), KOREAN_SECOND, 'ko')),
  ];
}

function bankFiles(angeles: PartnerStory, calexico: PartnerStory, korea: PartnerStory): DemoFile[] {
  const createdAt = '2026-10-01T06:00:00';
  const file = (name: string, bytes: Buffer): DemoFile => ({ name, kind: 'bank', partner: null, bytes });
  const byAch = angeles.credits.filter((credit) => !credit.isNoise).slice(0, 2);
  const byStatement = angeles.credits.filter((credit) => !byAch.includes(credit));
  return [
    file('2026-09_bank_ach.txt', nachaFile(byAch)),
    file('2026-09_bank_los-angeles.xml', statement({ id: 'LA2609', account: '990001230041', createdAt, credits: byStatement })),
    file('2026-09_bank_calexico.xml', statement({ id: 'CX2609', account: '990001230058', createdAt, credits: calexico.credits })),
    file('2026-09_bank_korea.xml', notification({ id: 'KR2609', account: '990001230066', createdAt, credits: korea.credits })),
  ];
}

const touches = (one: StoryCase, country: string) => one.payerCountry === country || one.payeeCountry === country;

function storyCase(one: DemoCase): StoryCase | null {
  const payer = one.participants.find((person) => person.role === 'obligor' || person.role === 'alleged_parent');
  const payee = one.participants.find((person) => person.role === 'obligee' || person.role === 'caretaker');
  const support = one.orders.flatMap((order) => order.obligations).find((obligation) => obligation.kind === 'child_support' && obligation.currency === 'USD');
  const monthlyMinor = support ? parseMajor(support.amount, 'USD') : null;
  if (!payer || !payee || monthlyMinor === null || one.status !== 'open') return null;
  return {
    caseId: one.caseId, county: one.county, status: one.status, obligor: printed(payer.name), obligee: printed(payee.name), obligeeNative: payee.name.native ?? null,
    payerCountry: payer.residence?.country ?? '', payeeCountry: payee.residence?.country ?? '', monthlyMinor,
  };
}

/** As the partner's clerk writes it: Koreans family name first. */
function printed(name: { given: string; family: string; secondFamily?: string; native?: string }): string {
  if (name.native) return `${name.family} ${name.given}`;
  return [name.given, name.family, name.secondFamily].filter(Boolean).join(' ');
}
