import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { disclose } from '../../../src/modules/cases/index.ts';
import { getPartner } from '../../../src/modules/partners/index.ts';
import { formLibrary, formSetFor } from '../../../src/modules/referrals/documents/form-library.ts';
import { completenessFindings } from '../../../src/modules/referrals/lifecycle/completeness.rules.ts';
import { itemsAsked } from '../../../src/modules/referrals/lifecycle/partner-papers.rules.ts';
import { glyphFindings } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import type { Finding } from '../../../src/platform/errors.ts';
import { aMexicanCase, modelOf } from '../../support/referrals/packets.ts';

interface Given {
  readonly supportCase?: SupportCase;
  readonly services?: readonly string[];
  readonly sections?: Readonly<Record<string, unknown>>;
  readonly attachments?: readonly string[];
  readonly documents?: readonly string[];
}

function findings({ supportCase = aMexicanCase(), services = ['enforce'], sections = {}, attachments = [], documents = [] }: Given): Finding[] {
  const partner = getPartner('mx-consulate-calexico');
  const { view } = disclose(supportCase, { partnerId: partner.partnerId, country: partner.country }, '2026-11-20');
  return completenessFindings({ supportCase, view, partner, services, set: formSetFor(partner), answers: { sections, children: {} }, attachments, documents, addressForms: formLibrary().addressForms });
}

const owed = (amount: string, bucket = 'arrears_unassigned'): SupportCase =>
  ({ ...aMexicanCase(), balances: [{ bucket, amount, currency: 'USD', asOf: '2026-10-31' }] } as SupportCase);
const closed = { closure: { reason: 'paid_in_full', on: '2026-11-01' } };
const lines = (found: readonly Finding[], code: string): string[] => found.filter((one) => one.code === code).map(({ severity, path }) => `${severity} ${path ?? ''}`);

describe('a packet that would contradict itself', () => {
  it.each(['enforce', 'collect_forward', 'establish_order', 'modify', 'locate'])('is blocked where it closes and asks to %s', (service) => {
    expect(lines(findings({ services: ['close', service], sections: closed }), 'referral.services_exclude')).toEqual(['block /services/0']);
    expect(lines(findings({ services: [service, 'close'], sections: closed }), 'referral.services_exclude')).toEqual(['block /services/0']);
  });

  it('may close and say where payments go', () => {
    expect(lines(findings({ services: ['close', 'payment_location', 'status'], sections: closed }), 'referral.services_exclude')).toEqual([]);
  });

  it('is blocked where it closes as paid what it states as owed', () => {
    expect(lines(findings({ supportCase: owed('50767.11'), services: ['close'], sections: closed }), 'referral.closed_unpaid')).toEqual(['block /balances/0']);
    expect(lines(findings({ supportCase: owed('900.00', 'current_support'), services: ['close'], sections: closed }), 'referral.closed_unpaid')).toEqual(['warn /balances/0']);
    expect(lines(findings({ supportCase: owed('0.00'), services: ['close'], sections: closed }), 'referral.closed_unpaid')).toEqual([]);
    expect(lines(findings({ supportCase: owed('50767.11'), services: ['close'], sections: { closure: { reason: 'party_request' } } }), 'referral.closed_unpaid')).toEqual([]);
  });
});

describe('the papers that a partner asks for', () => {
  const toFollow = (given: Given): unknown[] => findings(given).filter(({ code }) => code === 'referral.document_to_follow').map(({ params }) => params?.['document']);

  it('are not said to follow where they are in the packet', () => {
    expect(toFollow({})).toEqual(expect.arrayContaining(['federal_forms', 'order_certified', 'arrears_statement', 'birth_certificate', 'photographs']));
    const inside = toFollow({ documents: ['transmittal_1', 'arrears_statement'], attachments: ['certified_order', 'mx_birth_certificate'] });
    expect(inside).toEqual(expect.arrayContaining(['photographs', 'power_of_attorney'].filter((code) => toFollow({}).includes(code))));
    for (const code of ['federal_forms', 'arrears_statement', 'order_certified', 'birth_certificate', 'cover_letter']) expect(inside).not.toContain(code);
  });

  it('come after what stops the packet and what is worth a look', () => {
    const order = findings({ supportCase: aMexicanCase({ orders: [] }) }).map(({ severity }) => severity);
    expect(order).toEqual([...order].sort((a, b) => ['block', 'warn', 'info'].indexOf(a) - ['block', 'warn', 'info'].indexOf(b)));
    expect(order[0]).toBe('block');
  });

  it('are named in the form in which the profile wants them', () => {
    const missing = findings({ services: ['register_enforce'] }).find(({ code }) => code === 'need.certified_order');
    expect(missing).toMatchObject({ severity: 'warn', params: { asked: 'certified_copy_apostille' } });
    const words = LANGUAGES.map((language) => wordsForCode(language, 'findings', missing?.code ?? '', missing?.params));
    expect(words.map((text) => /apostille|apostilla|아포스티유/.test(text) && !/[{}$]/.test(text))).toEqual([true, true, true]);
  });

  it('are awaited before sealing', () => {
    expect(itemsAsked(getPartner('mx-consulate-calexico'), ['enforce'])).toEqual(['certified_copies', 'apostille']);
    expect(itemsAsked(getPartner('mx-consulate-calexico'), ['status'])).toEqual([]);
    expect(itemsAsked(getPartner('kr-kcsa'), ['enforce'])).toEqual(['certified_copies', 'apostille', 'translator_certificate', 'approval']);
  });
});

it('says in whose data a character stands that cannot be printed', () => {
  const base = aMexicanCase();
  const named = { ...base, participants: base.participants.map((one, index) => (index === 1 ? { ...one, name: { ...one.name, given: 'Rosa \u{1F600}' } } : one)) };
  const [finding] = glyphFindings(['Rosa \u{1F600}'], modelOf(named));
  expect(finding).toMatchObject({ code: 'packet.glyph_missing', severity: 'block', path: '/participants/1', params: { codePoint: 'U+1F600', place: 'name', whose: 'P2' } });
  const words = LANGUAGES.map((language) => wordsForCode(language, 'findings', finding?.code ?? '', finding?.params));
  expect(words.map((text) => text.includes('P2') && !/[{}$]/.test(text))).toEqual([true, true, true]);
  const [turned] = glyphFindings(['a\u202eb'], modelOf(base));
  expect(turned).toMatchObject({ code: 'packet.character_refused', params: { place: 'packet', whose: '' } });
});
