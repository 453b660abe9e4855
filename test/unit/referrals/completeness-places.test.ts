import { readdirSync, readFileSync } from 'node:fs';
import type { Residence, SupportCase } from '../../../src/modules/cases/index.ts';
import { disclose } from '../../../src/modules/cases/index.ts';
import { getPartner } from '../../../src/modules/partners/index.ts';
import { formLibrary, formSetFor } from '../../../src/modules/referrals/documents/form-library.ts';
import { NO_ANSWERS } from '../../../src/modules/referrals/interview/index.ts';
import type { AddressForm } from '../../../src/modules/referrals/lifecycle/address-form.rules.ts';
import { misfit } from '../../../src/modules/referrals/lifecycle/address-form.rules.ts';
import { completenessFindings } from '../../../src/modules/referrals/lifecycle/completeness.rules.ts';
import { schemaValidator } from '../../../src/platform/validation.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

const FOLDER = 'src/modules/referrals/documents/address-forms';
const { addressForms } = formLibrary();

function addressed(residence: Residence): SupportCase {
  const base = aMexicanCase();
  return { ...base, participants: base.participants.map((one) => (one.role === 'obligor' ? { ...one, residence } : one)) };
}

function found(residence: Residence, services: readonly string[] = ['enforce'], partnerId = 'mx-consulate-calexico', set = formSetFor(getPartner(partnerId))): string[] {
  const supportCase = addressed(residence);
  const partner = getPartner(partnerId);
  const { view } = disclose(supportCase, { partnerId, country: partner.country }, '2026-11-20');
  return completenessFindings({ supportCase, view, partner, services, set, answers: NO_ANSWERS, attachments: [], documents: [], addressForms })
    .filter(({ code }) => code.startsWith('referral.debtor')).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

const inMexico = (changes: Partial<Residence> = {}): Residence =>
  ({ country: 'MX', lines: ['Calle Vicente Guerrero 734'], locality: 'Mexicali', region: 'Baja California', postalCode: '21120', source: 'party', ...changes });

const formOf = (country: string): AddressForm => {
  const form = addressForms.get(country);
  if (!form) throw new Error(`no form for ${country}`);
  return form;
};

describe('an address of the debtor', () => {
  it('blocks in the form of another country', () => {
    const wrong = inMexico({ lines: ['123 Main St Apt 4'], region: 'CA', postalCode: '90210-1234' });
    expect(found(wrong)).toEqual(['block referral.debtor_address_malformed /participants/0/residence/postalCode']);
    expect(found(inMexico({ region: 'CA' }))).toEqual(['block referral.debtor_address_malformed /participants/0/residence/region']);
    expect(found(wrong, ['locate'])).toEqual(['warn referral.debtor_address_malformed /participants/0/residence/postalCode']);
  });

  it.each(['Baja California', 'baja california', 'BC', 'B.C.', 'BCN', 'MX-BCN', undefined])('passes with the region %s', (region) => {
    const { region: _, ...rest } = inMexico();
    expect(found(region === undefined ? rest : { ...rest, region })).toEqual([]);
  });

  it.each([
    ['MX', 'Michoacán de Ocampo', '60857'], ['MX', 'Michoacan', '60857'], ['MX', 'Ciudad de México', '06000'], ['MX', 'México', '50000'], ['MX', 'Nuevo Leon', undefined],
    ['KR', '경기도', '16056'], ['KR', 'Gyeonggi-do', '16056'], ['KR', '서울특별시', '04524'], ['KR', 'SEOUL', '04524'], ['KR', undefined, '48312'],
    ['US', 'CA', '92231'], ['US', 'California', '92231-0001'], ['US', 'us-ca'.toUpperCase(), '92231'],
  ])('of %s may be in %s, %s', (country, region, postalCode) => {
    expect(misfit({ country, ...(region ? { region } : {}), ...(postalCode ? { postalCode } : {}) }, formOf(country))).toBeNull();
  });

  it.each([['MX', 'Texas', '21120', 'region'], ['MX', undefined, '2112', 'postalCode'], ['KR', 'Seoul', '135-080', 'postalCode'], ['KR', 'CA', undefined, 'region'], ['US', 'Jalisco', '92231', 'region']])(
    'of %s cannot be in %s, %s', (country, region, postalCode, part) => {
      expect(misfit({ country, ...(region ? { region } : {}), ...(postalCode ? { postalCode } : {}) }, formOf(country))).toBe(part);
    });

  it('of a country without a known form is not checked', () => {
    expect(found({ country: 'GT', lines: ['6a Avenida 1-20'], locality: 'Guatemala', region: 'CA', postalCode: '01001-X', source: 'party' }, ['status'])).toEqual(['warn referral.debtor_elsewhere /participants/0/residence']);
  });

  it('in another country warns, and blocks where the set of forms says that the service is done where the debtor lives', () => {
    const inTexas: Residence = { country: 'US', lines: ['1 Elm St'], locality: 'Austin', region: 'TX', postalCode: '73301', source: 'party' };
    const line = (severity: string) => [`${severity} referral.debtor_elsewhere /participants/0/residence`];
    for (const service of ['enforce', 'collect_forward', 'locate', 'modify', 'serve_documents', 'status', 'payment_location', 'close']) expect(found(inTexas, [service])).toEqual(line('warn'));
    const set = formSetFor(getPartner('mx-sre'));
    const enforce = set.services['enforce'];
    if (!enforce) throw new Error('the set has no enforcement');
    const strict = { ...set, services: { ...set.services, enforce: { ...enforce, actsOnDebtor: true } } };
    expect(found(inTexas, ['enforce'], 'mx-consulate-calexico', strict)).toEqual(line('block'));
    expect(found(inTexas, ['locate'], 'mx-consulate-calexico', strict)).toEqual(line('warn'));
    expect(found(inTexas, ['enforce'], 'kr-kcsa', strict)).toEqual(line('warn'));
  });
});

it('has address forms that keep their schema, where no name means two regions', () => {
  const validate = schemaValidator('address-form.v1');
  for (const file of readdirSync(FOLDER)) {
    const form = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as AddressForm;
    expect(validate(form) ? [] : validate.errors).toEqual([]);
    const names = form.regions.flatMap(({ code, names: own }) => [...new Set([code, ...own].map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')))]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
});
