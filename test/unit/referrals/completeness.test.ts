import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { disclose } from '../../../src/modules/cases/index.ts';
import { getPartner } from '../../../src/modules/partners/index.ts';
import { completenessFindings } from '../../../src/modules/referrals/lifecycle/completeness.rules.ts';
import { formLibrary, formSetFor } from '../../../src/modules/referrals/documents/form-library.ts';
import { NO_ANSWERS } from '../../../src/modules/referrals/interview/index.ts';
import { movesFrom, stateAfter, approverName } from '../../../src/modules/referrals/lifecycle/referral.rules.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import { anOrder } from '../../support/cases/builders.ts';
import { aKoreanCase, aMexicanCase } from '../../support/referrals/packets.ts';

function found(supportCase: SupportCase, services: readonly string[] = ['enforce'], partnerId = 'mx-consulate-calexico'): string[] {
  const partner = getPartner(partnerId);
  const { view } = disclose(supportCase, { partnerId, country: partner.country }, '2026-11-20');
  return completenessFindings({ supportCase, view, partner, services, set: formSetFor(partner), answers: NO_ANSWERS, attachments: [], documents: [], addressForms: formLibrary().addressForms }).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

function withDebtor(change: (debtor: SupportCase['participants'][number]) => SupportCase['participants'][number]): SupportCase {
  const base = aMexicanCase();
  return { ...base, participants: base.participants.map((participant) => (participant.role === 'obligor' ? change(participant) : participant)) };
}

it('finds nothing that blocks in a case that lacks nothing', () => {
  expect(found(aMexicanCase()).filter((line) => line.startsWith('block'))).toEqual([]);
});

it('blocks enforcement in Mexico without an address of the debtor that may be told', () => {
  const line = (fault: string): string => `block referral.debtor_address_${fault} /participants/0/residence`;
  expect(found(withDebtor(({ residence: _, ...debtor }) => debtor))).toContain(line('missing'));
  expect(found(withDebtor((debtor) => ({ ...debtor, residence: { country: 'MX', lines: ['Calle 1'], locality: 'Mexicali', region: 'BC', source: 'fpls' } })))).toContain(line('withheld'));
  expect(found(withDebtor((debtor) => ({ ...debtor, residence: { country: 'MX', lines: [' '], locality: 'Mexicali', region: 'BC', source: 'party' } })))).toContain(line('incomplete'));
  expect(found(withDebtor(({ residence: _, ...debtor }) => debtor), ['collect_forward'])).toContain(line('missing'));
  expect(found(withDebtor(({ residence: _, ...debtor }) => debtor), ['locate'])).toContain('warn referral.debtor_address_missing /participants/0/residence');
});

it('blocks services that need an order where there is none, or none that says an amount', () => {
  expect(found(aMexicanCase({ orders: [] }))).toContain('block referral.order_missing /orders');
  expect(found(aMexicanCase({ orders: [anOrder({ obligations: [] })] }))).toContain('block referral.order_without_obligations /orders/0/obligations');
  expect(found(aMexicanCase({ orders: [] }), ['establish_order']).filter((line) => line.startsWith('block'))).toEqual([]);
  expect(found(aMexicanCase(), ['establish_order'])).toContain('warn referral.order_exists /orders/0');
});

it('blocks a closed case but for what is asked of closed ones', () => {
  const closed = aMexicanCase({ status: 'closed', closedOn: '2026-01-05' });
  expect(found(closed)).toContain('block referral.case_closed /status');
  expect(found(closed, ['status']).filter((line) => line.startsWith('block'))).toEqual([]);
});

it('warns that the exchange with KCSA needs an approver and that its profile is not confirmed', () => {
  expect(found(aKoreanCase(), ['enforce'], 'kr-kcsa')).toEqual(expect.arrayContaining([
    'warn referral.approver_needed /partner/exchangeBasis', 'warn referral.profile_unconfirmed /partner', 'warn referral.partner_address_missing /partner/addresses',
  ]));
});

it('warns of a missing birth date', () => {
  expect(found(withDebtor(({ birthDate: _, ...debtor }) => debtor))).toContain('warn referral.birth_date_missing /participants/0/birthDate');
});

it('moves a referral only as the table says', () => {
  expect(stateAfter('draft', 'seal')).toBe('sealed');
  expect(stateAfter('sealed', 'send')).toBe('sent');
  expect(stateAfter('sent', 'seal')).toBe('sealed');
  expect(() => stateAfter('draft', 'send')).toThrow('referral.move_refused');
  expect(movesFrom('sealed')).toEqual(['seal', 'send', 'withdraw', 'supersede']);
});

it('takes an approver only as a name that can be kept', () => {
  expect(approverName('  Ana   Ríos ')).toBe('Ana Ríos');
  expect(approverName(' ')).toBeNull();
  expect(() => approverName('a'.repeat(121))).toThrow('referral.approver_invalid');
  expect(() => approverName('Ana\u202e')).toThrow('referral.approver_invalid');
});

it('says every finding in three languages, with the names of services and persons and not their codes', () => {
  const supportCase = aMexicanCase({ orders: [] });
  const partner = getPartner('mx-consulate-calexico');
  const { view } = disclose(supportCase, { partnerId: partner.partnerId, country: partner.country }, '2026-11-20');
  const findings = completenessFindings({ supportCase, view, partner, services: ['enforce'], set: formSetFor(partner), answers: NO_ANSWERS, attachments: [], documents: [], addressForms: formLibrary().addressForms });
  const words = LANGUAGES.map((language) => findings.map((finding) => wordsForCode(language, 'findings', finding.code, finding.params)));
  expect(words.flat().filter((text) => /referral\.|[{}$]|_|enforce\b(?! )/.test(text))).toEqual([]);
  expect(words[1]).toContain('“Ejecutar la resolución” requiere una resolución de alimentos');
  expect(words[2]).toContain('‘집행’ 의뢰에는 양육비 결정이 필요함');
});
