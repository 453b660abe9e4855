import type { Participant, SupportCase, SupportOrder } from '../../../src/modules/cases/index.ts';

/** A small fictional case in which nothing is wrong: obligor in Los Angeles, obligee in Mexicali, one child. */
export function aCase(changes: Partial<SupportCase> = {}): SupportCase {
  return {
    extractVersion: '1.0', caseId: '2600000000001', county: '06037', status: 'open', assistance: 'never', openedOn: '2020-03-02',
    participants: [anObligor(), anObligee(), aChild()], orders: [anOrder()],
    balances: [{ bucket: 'current_support', amount: '362.00', currency: 'USD', asOf: '2026-10-31' }], ...changes,
  };
}

export function anObligor(changes: Partial<Participant> = {}): Participant {
  return {
    participantId: 'P1', role: 'obligor', name: { given: 'Genaro', family: 'Mondragón', secondFamily: 'Juárez' }, sex: 'M', birthDate: '1978-12-27', nationalities: ['MX'],
    residence: { country: 'US', lines: ['5484 Heber Ave'], locality: 'Los Angeles', region: 'CA', postalCode: '90022', source: 'dmv' },
    identifiers: [{ type: 'SSN', value: '919-07-3588', country: 'US', source: 'party' }], ...changes,
  };
}

export function anObligee(changes: Partial<Participant> = {}): Participant {
  return {
    participantId: 'P2', role: 'obligee', name: { given: 'Rosa María', family: 'León', secondFamily: 'Romero' }, sex: 'F', birthDate: '1983-02-18', nationalities: ['MX'],
    residence: { country: 'MX', lines: ['Calle Vicente Guerrero 734'], neighborhood: 'Pueblo Nuevo', locality: 'Mexicali', region: 'Baja California', postalCode: '21120', source: 'party' },
    identifiers: [{ type: 'CURP', value: 'LERR830218MJCNMS34', country: 'MX', source: 'party' }], phones: ['+52 686 555 0124'],
    accounts: [{ kind: 'CLABE', value: '032180000118359719' }], ...changes,
  };
}

export function aChild(changes: Partial<Participant> = {}): Participant {
  return { participantId: 'P3', role: 'dependent', name: { given: 'Ana Laura', family: 'Mondragón', secondFamily: 'León' }, sex: 'F', birthDate: '2011-01-10', ...changes };
}

export function anOrder(changes: Partial<SupportOrder> = {}): SupportOrder {
  return {
    orderId: 'O1', tribunal: 'Superior Court of California, County of Los Angeles', docketNumber: 'BY367841', jurisdiction: 'US-CA', issuedOn: '2020-06-01', parentageEstablished: true,
    obligations: [{ obligationId: 'OB1', kind: 'child_support', amount: '362.00', currency: 'USD', frequency: 'monthly', startsOn: '2020-07-01', dependents: ['P3'] }], ...changes,
  };
}

/** An extract file with these cases, one per line. */
export function extractOf(cases: readonly object[]): Buffer {
  return Buffer.from(cases.map((supportCase) => `${JSON.stringify(supportCase)}\n`).join(''), 'utf8');
}
