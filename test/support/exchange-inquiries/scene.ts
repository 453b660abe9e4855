import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { askAboutCase, currentConsentText } from '../../../src/modules/exchange/index.ts';
import type { AskedInquiry, InquiryRequest } from '../../../src/modules/exchange/index.ts';
import { answerOne } from '../../../src/jobs/answer-inquiry.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { aCase, aChild, anObligee, anObligor, extractOf } from '../cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../database.ts';
import type { TestActor, TestDatabase } from '../database.ts';

export const CONSULATE = 'mx-consulate-los-angeles';

export const PLAIN = '2600000000001';
export const HIDDEN = '2600000000002';
export const ELSEWHERE = '2600000000003';

/** A database with a family, one in which the obligee is protected, and one of a county that the consulate does not serve. */
export interface InquiryScene {
  readonly db: TestDatabase;
  readonly operator: Ctx;
  readonly attorney: Ctx;
  readonly second: Ctx;
  readonly officer: Ctx;
  ctxOf(given?: TestActor): Ctx;
  bring(...cases: SupportCase[]): Promise<unknown>;
  ask(changes?: Partial<InquiryRequest>, who?: Ctx): Promise<AskedInquiry>;
  /** As a job does it. */
  answer(inquiryId: string): Promise<void>;
  rows<T>(sql: string, values?: unknown[]): Promise<T[]>;
}

/** What the officer asks for the obligee of the plain case. */
export function aRequest(changes: Partial<InquiryRequest> = {}): InquiryRequest {
  const person = { given: 'Rosa María', family: 'León', secondFamily: 'Romero', birthDate: '1983-02-18' };
  return {
    caseNumber: PLAIN, person, asker: { name: 'Rosa María León Romero', relation: 'obligee', documentShown: 'passport' }, questions: ['status', 'last_payment', 'next_step'],
    consent: {
      givenBy: 'Rosa María León Romero', on: '2026-11-20', language: 'es-MX', form: 'signed', textVersion: currentConsentText().version,
      questions: ['status', 'last_payment', 'next_step', 'balance'],
    },
    ...changes,
  };
}

/** The same for the obligor of a case. */
export function asObligor(caseNumber: string, changes: Partial<InquiryRequest> = {}): InquiryRequest {
  const base = aRequest();
  return {
    ...base, caseNumber, person: { given: 'Genaro', family: 'Mondragón', secondFamily: 'Juárez', birthDate: '1978-12-27' },
    asker: { name: 'Genaro Mondragón Juárez', relation: 'obligor', documentShown: 'consular_id' },
    consent: base.consent ? { ...base.consent, givenBy: 'Genaro Mondragón Juárez' } : null, ...changes,
  };
}

/** Somebody of whom there is no case. */
export function somebodyElse(given: string, birthDate = '1990-01-01'): Pick<InquiryRequest, 'person' | 'asker'> & { readonly consent: NonNullable<InquiryRequest['consent']> } {
  const { consent } = aRequest();
  if (!consent) throw new Error('a sample without consent');
  const name = `${given} Nadie Conocido`;
  return { person: { given, family: 'Nadie', secondFamily: 'Conocido', birthDate }, asker: { name, relation: 'obligee', documentShown: 'passport' }, consent: { ...consent, givenBy: name } };
}

const PAID: SupportCase['history'] = [
  { kind: 'charge', on: '2026-10-01', amount: '362.00', currency: 'USD', bucket: 'current_support' },
  { kind: 'payment', on: '2026-10-05', amount: '300.00', currency: 'USD', bucket: 'current_support' },
  { kind: 'payment', on: '2026-10-05', amount: '62.00', currency: 'USD', bucket: 'arrears_assigned' },
  { kind: 'payment', on: '2026-09-04', amount: '111.11', currency: 'USD', bucket: 'current_support' },
];

export async function inquiryScene(): Promise<InquiryScene> {
  const db = await testDatabase();
  const operator = testCtx(db, { kind: 'system', id: 'operator' });
  const officer = testCtx(db, { id: 'usr_officer', roles: ['partner_officer'], partner: CONSULATE, language: 'es-MX' });
  const bring = (...cases: SupportCase[]) => importCaseExtract(operator, { fileName: 'cases.ndjson', source: Readable.from([extractOf(cases)]) });
  await bring(
    aCase({ caseId: PLAIN, history: PAID, partnerCaseNumbers: [{ partner: CONSULATE, value: 'CLA-2026/77' }] }),
    aCase({ caseId: HIDDEN, history: PAID, participants: [anObligor(), anObligee({ nondisclosure: { basis: 'affidavit', on: '2026-01-02', against: 'P1' } }), aChild()] }),
    aCase({ caseId: ELSEWHERE, county: '06073', history: PAID }),
  );
  return {
    db, operator, officer, bring, ctxOf: (given = {}) => testCtx(db, given), attorney: testCtx(db, { id: 'usr_attorney', roles: ['attorney'] }), second: testCtx(db, { id: 'usr_second', roles: ['attorney'] }),
    ask: (changes = {}, who = officer) => askAboutCase(who, aRequest(changes)),
    answer: (inquiryId) => answerOne(operator, inquiryId),
    rows: (sql, values = []) => behindTheWall(db, sql, values),
  };
}

/** What somebody is refused with: the code, and the codes and places of its findings. */
export async function refusalOf(work: Promise<unknown>): Promise<string[]> {
  return work.then(() => ['done'], (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return [error.code, ...error.findings.map(({ code, path }) => `${code} ${path ?? ''}`)];
  });
}
