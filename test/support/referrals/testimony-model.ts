import type { PacketInterview, PacketModel } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { aFullModel } from './full-packet.ts';

/** Answers as the questions of `interview.v1.json` allow them. */
export function theInterview(children: readonly string[]): PacketInterview {
  const conception = {
    place: 'Mexicali, Baja California, México', from: '2011-06-01', to: '2011-06-30', isFullTerm: false, weeksAtBirth: '36', relationship: 'living_together', otherPossible: true,
    acknowledged: true, acknowledgedOn: '2012-03-20', acknowledgedWhere: 'Oficialía 01 del Registro Civil, Mexicali', certificateNamesFather: true, geneticTest: true, geneticTestResult: 'not_excluded',
  };
  const needs = { school: 'Finley Elementary School', monthlyCost: '820.00', currency: 'USD', insurance: 'public', insurer: 'Medi-Cal', premiumMonthly: '35.50', custody: 'obligee', timeWithObligor: '12' };
  return {
    sections: {
      declarant: { role: 'obligee', placeSigned: 'Holtville, California' },
      marriage: { status: 'divorced', marriedOn: '2009-05-16', marriedAt: 'Mexicali, Baja California', separatedOn: '2018-02-01', divorcedOn: '2019-07-30', divorcedAt: 'Superior Court, Imperial County' },
      residence_history: { periods: [{ from: '2009-05', to: '2018-02', country: 'US', region: 'California', basis: 'lived_with_child' }, { from: '2018-03', to: '2019-01', country: 'US', region: 'California', basis: 'lived_in_state' }] },
      obligor_description: {
        heightCm: '174', weightKg: '80', eyes: 'brown', hair: 'black', complexion: 'medium', marks: 'Cicatriz en la mano izquierda', languages: 'español, inglés', occupation: 'soldador',
        lastSeenOn: '2025-12-24', lastSeenWhere: 'Mexicali', vehicle: 'Nissan 2014', relatives: [{ name: 'Juana León', relation: 'sibling', whereabouts: 'Tecate, Baja California' }],
      },
      obligor_means: { incomeMonthly: '14500.00', incomeCurrency: 'MXN', incomeSource: 'employment', assets: [{ kind: 'vehicle', description: 'Nissan 2014', place: 'Mexicali', amount: '90000.00', currency: 'MXN' }] },
      obligee_means: {
        incomeMonthly: '2100.00', incomeCurrency: 'USD', otherDependents: '1',
        sources: [{ kind: 'employment', amount: '1900.00', currency: 'USD' }, { kind: 'support', amount: '200.00', currency: 'USD' }],
        expenses: [{ kind: 'housing', amount: '1200.00', currency: 'USD' }, { kind: 'food', amount: '540.00', currency: 'USD' }],
      },
      assistance: { received: true, kinds: 'medical', since: '2019-01-01' },
      payment_history: { lastPaymentOn: '2026-03-17', direct: [{ on: '2025-12-24', amount: '100.00', currency: 'USD', how: 'cash' }] },
      modification: { since: '2026-01-01', amount: '820.00', currency: 'USD' },
      korea: { servedHow: 'personal', servedOn: '2020-12-04', appeared: false, finalOn: '2021-01-15', jurisdictionGround: 'lived_with_child', advanceReceived: true, advanceFrom: '양육비이행관리원', advanceAmountMonthly: '200000', advanceSince: '2025-07-01' },
      mexico: { acknowledgedInMexico: true, registryOffice: 'Oficialía 01, Mexicali', actaNumber: '01234' },
    },
    children: Object.fromEntries(children.map((child) => [child, { conception, needs }])),
  };
}

/** A full model whose interview answers are all of the definition's kinds, with every kind of attachment that the checklists look for. */
export function aTestimonyModel(country: 'MX' | 'KR', services: readonly string[]): PacketModel {
  const model = aFullModel(country, services);
  const children = model.supportCase.parties.filter((party) => party.role === 'dependent').map((party) => party.participantId);
  const kinds = ['certified_order', 'birth_certificate', 'photograph_obligor', 'photograph_child', 'proof_of_finality', 'proof_of_service', 'apostille', 'reciprocity_statement'];
  const [sample] = model.attachments;
  const attachments = sample ? kinds.map((kind, index) => ({ ...sample, attachmentId: `att_${index}`, kind, participantId: kind === 'birth_certificate' ? children[0] ?? null : null })) : [];
  return { ...model, interview: theInterview(children), attachments };
}
