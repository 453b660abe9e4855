import { judgeInquiry, nextStep, numbersGiven } from '../../../src/modules/exchange/inquiries/answer.rules.ts';
import type { CaseFacts } from '../../../src/modules/exchange/inquiries/answer.rules.ts';
import { ASKED_A_DAY_MAX, ASKED_AN_HOUR_MAX, consentLack, isSamePrinted, IN_VAIN_MAX, IN_VAIN_OF_PERSON_MAX, tooMuch } from '../../../src/modules/exchange/inquiries/inquiry.rules.ts';
import type { InquiryDetails } from '../../../src/modules/exchange/inquiries/inquiry.rules.ts';
import { documentStanding } from '../../../src/modules/exchange/documents/document-standing.rules.ts';

const SUNYEONG = { given: 'Sun-yeong', family: 'Kim', secondFamily: null, native: '김선영', birthDate: '1968-01-26', identifiers: [] };
const details = (changes: Partial<InquiryDetails> = {}): InquiryDetails => ({
  caseNumber: '20', ourFileNumber: null, partnerFileNumber: null, person: SUNYEONG, asker: { name: 'Kim Sun-yeong', relation: 'obligor', documentShown: 'passport' }, ...changes,
});
const facts = (changes: Partial<CaseFacts> = {}): CaseFacts => ({
  caseId: '20', county: '06037', status: 'open', closedOn: null, isAnyoneProtected: false, foundBy: ['case_number'], referrals: [], lastPayment: null, balances: [],
  parties: [{ role: 'obligor', name: { given: 'Sun-yeong', family: 'Kim', native: '김선영' }, birthDate: '1968-01-26' }, { role: 'obligee', name: { given: 'Ana', family: 'Ruiz' }, birthDate: '1970-01-01' }], ...changes,
});
const scope = { counties: ['06037'], today: '2026-11-20' };
const judged = (asked: InquiryDetails, ...cases: CaseFacts[]) => {
  const one = judgeInquiry(asked, ['status'], cases, scope);
  return one.kind === 'tell' ? 'tell' : one.reasons.join();
};

it('tells by itself only where one party of one case fits in everything', () => {
  expect(judged(details(), facts())).toBe('tell');
  expect(judged(details({ person: { ...SUNYEONG, given: '', family: '' } }), facts())).toBe('tell');
  expect(judged(details(), facts(), facts({ caseId: '21' }))).toBe('several_cases_fit');
  expect(judged(details({ person: { ...SUNYEONG, birthDate: '1968-01-27' } }), facts())).toBe('no_case_fits');
  expect(judged(details({ person: { ...SUNYEONG, given: 'Min-jun', native: null } }), facts())).toBe('no_case_fits');
  expect(judged(details({ asker: { ...details().asker, relation: 'obligee' } }), facts())).toBe('no_case_fits');
  expect(judged(details({ partnerFileNumber: 'K-1' }), facts())).toBe('no_case_fits');
  expect(judged(details({ partnerFileNumber: 'K-1' }), facts({ foundBy: ['case_number', 'partner_file'] }))).toBe('tell');
  expect(judged(details(), facts({ county: '06025' }))).toBe('partner_not_of_county');
  expect(judged(details(), facts({ isAnyoneProtected: true }))).toBe('somebody_protected');
  expect(judged(details({ caseNumber: null }))).toBe('no_number');
  const byIdentifier = details({ caseNumber: null, person: { ...SUNYEONG, identifiers: [{ type: 'RRN', value: '1' }] } });
  expect([numbersGiven(byIdentifier), judged(byIdentifier, facts({ foundBy: ['identifier'] }))]).toEqual([['identifier'], 'no_number']);
});

it('says who does what next', () => {
  const step = (status: 'open' | 'closed', at: string | null, direction: 'outgoing' | 'incoming' = 'outgoing', paid: string | null = null) =>
    nextStep({ status, referrals: at === null ? [] : [{ referralId: 'ref_1', direction, status: at }], lastPayment: paid === null ? null : { on: paid, amount: '1.00', currency: 'USD' } }, '2026-11-20');
  expect([step('closed', 'sent'), step('open', 'sent'), step('open', 'incomplete'), step('open', 'incomplete', 'incoming'), step('open', 'accepted', 'incoming')])
    .toEqual(['case_closed', 'partner_decides', 'county_supplies', 'partner_supplies', 'county_works']);
  expect([step('open', null), step('open', 'withdrawn', 'outgoing', '2026-11-01'), step('open', null, 'outgoing', '2026-01-01')]).toEqual(['county_works', 'payments_continue', 'county_works']);
});

it.each([
  ['Sun-yeong Kim', true], ['KIM SUN-YEONG', true], ['김선영', true], ['Kim', false], ['', false], ['Ana Ruiz', false],
])('a consent of “%s” is of the person: %s', (name, isSame) => {
  expect(isSamePrinted(name, SUNYEONG)).toBe(isSame);
});

it('holds a consent to its end, its withdrawal and its questions', () => {
  const consent = { questions: ['status' as const], expiresOn: '2026-12-01', withdrawnOn: null };
  expect(consentLack(consent, ['status'], '2026-11-30')).toBeNull();
  expect(consentLack(consent, ['status'], '2026-12-01')).toBe('inquiry.consent_expired');
  expect(consentLack(consent, ['status', 'balance'], '2026-11-30')).toBe('inquiry.consent_not_for');
  expect(consentLack({ ...consent, withdrawnOn: '2026-11-21' }, ['status'], '2026-11-30')).toBe('inquiry.consent_withdrawn');
});

it('stops at the numbers that it names', () => {
  const none = { byAskerInHour: 0, byPartnerInDay: 0, inVainByAsker: 0, openByAsker: 0, inVainByPartner: 0, openByPartner: 0, inVainOfPerson: 0, openOfPerson: 0 };
  expect([tooMuch(none), tooMuch({ ...none, byAskerInHour: ASKED_AN_HOUR_MAX }), tooMuch({ ...none, byPartnerInDay: ASKED_A_DAY_MAX }), tooMuch({ ...none, inVainByAsker: IN_VAIN_MAX }), tooMuch({ ...none, openByAsker: IN_VAIN_MAX }), tooMuch({ ...none, openOfPerson: IN_VAIN_OF_PERSON_MAX })])
    .toEqual([null, 'too_many', 'too_many', 'trawling', 'too_many_open', 'too_many_open']);
});

it('closes a request for papers when each was sent or cannot be had', () => {
  const wanted = [{ kind: 'order', of: null }, { kind: 'birth_certificate', of: 'p3' }, { kind: 'birth_certificate', of: 'p4' }];
  const talk = (...answers: { supplied: typeof wanted; unavailable: (typeof wanted[number] & { reason?: string; expectedOn?: string })[] }[]) => documentStanding({ requestId: 'dr', wanted, neededBy: null, answers });
  expect(talk()).toMatchObject({ missing: wanted, isClosed: false });
  expect(talk({ supplied: [{ kind: 'birth_certificate', of: 'p3' }], unavailable: [] }).missing).toEqual([wanted[0], wanted[2]]);
  expect(talk({ supplied: [{ kind: 'birth_certificate', of: null }], unavailable: [{ kind: 'order', of: 'p1' }] })).toMatchObject({ missing: [], unavailable: [wanted[0]], isClosed: true });
  const later = talk({ supplied: [{ kind: 'birth_certificate', of: null }], unavailable: [{ kind: 'order', of: null, reason: 'needs_time', expectedOn: '2027-11-01' }] });
  expect(later).toMatchObject({ missing: [], unavailable: [], promised: [{ ...wanted[0], on: '2027-11-01' }], isClosed: false });
});
