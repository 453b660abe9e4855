import type { HistoryEntry, SupportCase } from '../../../src/modules/cases/index.ts';
import type { PacketAttachment, PacketInterview, PacketModel, PacketNarrative } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { arrearsStatements, interestRules } from '../../../src/modules/referrals/arrears/index.ts';
import { aChild, anOrder } from '../cases/builders.ts';
import { aKoreanCase, aMexicanCase, modelOf } from './packets.ts';

/** Sixty months: a charge on the first, and a payment that is too small in two of three months. */
export function sixtyMonths(from = 2021): HistoryEntry[] {
  return Array.from({ length: 60 }, (_, index) => {
    const month = `${from + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
    const charge: HistoryEntry = { kind: 'charge', on: `${month}-01`, amount: '640.00', currency: 'USD', bucket: 'current_support' };
    const payment: HistoryEntry = { kind: 'payment', on: `${month}-17`, amount: '410.55', currency: 'USD', bucket: 'current_support' };
    return index % 3 === 2 ? [charge] : [charge, payment];
  }).flat();
}

/** Enforcement with three children and sixty months of history: what a full packet is made of. */
export function aFullCase(country: 'MX' | 'KR'): SupportCase {
  const base = country === 'MX' ? aMexicanCase() : aKoreanCase();
  const parents = base.participants.filter((one) => one.role !== 'dependent');
  const children = ['Sofía Valentina', 'Mateo', 'Ximena'].map((given, index) => aChild({
    participantId: `K${index + 1}`, name: { given, family: 'León', secondFamily: 'Márquez' }, birthDate: `20${12 + index * 2}-03-0${index + 4}`, sex: given === 'Mateo' ? 'M' : 'F',
  }));
  const ids = children.map((child) => child.participantId);
  const order = anOrder();
  const obligations = order.obligations.map((one) => ({ ...one, dependents: ids }));
  return {
    ...base, participants: [...parents, ...children], orders: [{ ...order, obligations }], history: sixtyMonths(),
    balances: [{ bucket: 'arrears_unassigned', amount: '21978.00', currency: 'USD', asOf: '2026-10-31' }, { bucket: 'interest', amount: '4102.33', currency: 'USD', asOf: '2026-10-31' }],
  };
}

const OTHER = { 'es-MX': ['No he recibido ningún pago desde marzo.', 'Los niños viven conmigo desde su nacimiento.'], 'ko-KR': ['3월부터 양육비를 받지 못했습니다.', '아이들은 태어날 때부터 저와 함께 살고 있습니다.'] } as const;

export function someNarratives(language: 'es-MX' | 'ko-KR', children: readonly string[]): PacketNarrative[] {
  const [first, second] = OTHER[language];
  const translator = { name: 'Ana Torres', qualification: 'Court interpreter, California no. 301234', on: '2026-11-10' };
  const of = (id: string, participantId: string | null): PacketNarrative => ({
    id, participantId, sourceLanguage: 'en', targetLanguage: language, translator,
    segments: [{ source: 'I have received no payment since March.', target: first }, { source: 'The children have lived with me since they were born.', target: second }],
  });
  return [of('interview.statement.text', null), of('interview.payment_history.agreement', null), ...children.map((child) => of('interview.conception.likeness', child)), ...children.map((child) => of('interview.needs.medicalNeeds', child))];
}

export function anInterview(children: readonly string[]): PacketInterview {
  const conception = { place: 'Mexicali, Baja California', from: '2011-06-01', to: '2011-06-30', isFullTerm: true, weeksAtBirth: '39', relationship: 'living_together', otherPossible: false, acknowledged: true, acknowledgedOn: '2012-03-20', acknowledgedWhere: 'Registro Civil, Mexicali', certificateNamesFather: true, geneticTest: false };
  const needs = { monthlyCost: '820.00', currency: 'USD', insurance: 'public', insurer: 'Medi-Cal', premiumMonthly: '0.00', custody: 'obligee', timeWithObligor: '0' };
  return {
    sections: {
      declarant: { role: 'obligee', placeSigned: 'Holtville, California' },
      marriage: { status: 'separated', marriedOn: '2009-05-16', marriedAt: 'Mexicali, Baja California', separatedOn: '2018-02-01' },
      residence_history: { periods: [{ from: '2009-05', to: '2018-02', country: 'MX', region: 'BC', basis: 'lived_with_child' }] },
      obligor_description: { heightCm: '174', weightKg: '80', eyes: 'brown', hair: 'black', marks: 'Scar on the left hand', languages: 'Spanish', occupation: 'Welder', lastSeenOn: '2025-12-24', lastSeenWhere: 'Mexicali', relatives: [{ name: 'Juana León', relation: 'sibling', whereabouts: 'Tecate' }] },
      obligor_means: { incomeMonthly: '14500.00', incomeCurrency: 'MXN', incomeSource: 'employment', assets: [{ kind: 'vehicle', description: 'Nissan 2014', place: 'Mexicali', amount: '90000.00', currency: 'MXN' }] },
      obligee_means: { incomeMonthly: '2100.00', incomeCurrency: 'USD', sources: [{ kind: 'employment', amount: '2100.00', currency: 'USD' }], expenses: [{ kind: 'housing', amount: '1200.00', currency: 'USD' }], otherDependents: '0' },
      assistance: { received: true, kinds: 'medical', since: '2019-01-01' },
      payment_history: { lastPaymentOn: '2026-03-17', direct: [{ on: '2025-12-24', amount: '100.00', currency: 'USD', how: 'cash' }] },
      korea: { servedHow: 'personal', servedOn: '2020-12-04', appeared: false, finalOn: '2021-01-15', jurisdictionGround: 'lived_with_child', advanceReceived: true, advanceFrom: 'kcsa', advanceAmountMonthly: '200000', advanceSince: '2025-07' },
      mexico: { acknowledgedInMexico: true, registryOffice: 'Oficialía 01, Mexicali', actaNumber: '01234' },
    },
    children: Object.fromEntries(children.map((child) => [child, { conception, needs }])),
  };
}

const digest = (digit: string): string => digit.repeat(64);

export function someAttachments(child: string): PacketAttachment[] {
  const of = (attachmentId: string, kind: string, rest: Partial<PacketAttachment>): PacketAttachment => ({
    attachmentId, kind, participantId: null, title: null, fileName: `attachments/${kind}.pdf`, mediaType: 'application/pdf', pages: 2, byteCount: 184_320,
    sha256: digest(attachmentId.slice(-1)), language: 'en', translation: null, officialForm: null, ...rest,
  });
  return [
    of('att_1', 'certified_order', { translation: { by: 'att_2' } }), of('att_2', 'translation', { language: 'es-MX' }),
    of('att_3', 'birth_certificate', { participantId: child, language: 'es-MX', translation: { notNeeded: 'in_partner_language' } }),
    of('att_4', 'photograph_obligor', { fileName: 'attachments/04-photograph-obligor.jpg', mediaType: 'image/jpeg', pages: 1, language: null, translation: { notNeeded: 'picture_without_words' } }),
  ];
}

function statedArrears({ history, orders, balances }: SupportCase): PacketModel['arrears'] {
  return arrearsStatements({ history, orders, balances, asOf: '2026-10-31' }, interestRules()).statements;
}

/** The model of a full packet, with everything that a form may ask for. */
export function aFullModel(country: 'MX' | 'KR', services: readonly string[] = ['enforce', 'collect_forward']): PacketModel {
  const model = modelOf(aFullCase(country), country === 'MX' ? 'mx-consulate-calexico' : 'kr-kcsa', services);
  const children = model.supportCase.parties.filter((party) => party.role === 'dependent').map((party) => party.participantId);
  return {
    ...model, arrears: statedArrears(aFullCase(country)), interview: anInterview(children), narratives: someNarratives(country === 'MX' ? 'es-MX' : 'ko-KR', children), attachments: someAttachments(children[0] ?? 'P3'),
  };
}
