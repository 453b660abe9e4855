import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { generateCases } from '../../src/demo/case-generator.ts';
import { makeChild } from '../../src/demo/person-generator.ts';
import { seededRandom } from '../../src/demo/random.ts';
import type { Random } from '../../src/demo/random.ts';
import type { HistoryEntry, Participant, SupportCase } from '../../src/modules/cases/index.ts';
import { getPartner } from '../../src/modules/partners/index.ts';
import { arrearsStatements, interestRules } from '../../src/modules/referrals/arrears/index.ts';
import { assembleModel } from '../../src/modules/referrals/packets/assemble-model.ts';
import type { Answer, PacketAttachment, PacketInterview, PacketModel, PacketNarrative, PacketSeal } from '../../src/modules/referrals/packets/packet-model.rules.ts';
import { addMonths } from '../../src/platform/dates.ts';

/** A full packet's content: an enforcement with three children, 60 months of arrears, the interview, narratives and attachments. */
export interface FullPacket { readonly model: PacketModel; readonly seal: PacketSeal; readonly supportCase: SupportCase }

const SERVICES = ['register_enforce', 'collect_forward'];
const CHILDREN = 3;
const MONTHS = 60;
const ON = '2026-11-20';
const FROM = '2021-10-01';

interface Field { id: string; kind: string; choices?: string[]; fields?: Field[]; countries?: string[] }
interface Section { id: string; scope: 'case' | 'child'; services: string[]; countries?: string[]; fields: Field[] }
const interviewUrl = new URL('../../src/modules/referrals/interview/interview.v1.json', import.meta.url);
const { sections } = JSON.parse(readFileSync(interviewUrl, 'utf8')) as { sections: Section[] };

export function* fullPackets(count: number, seed = 20_261_122): Generator<FullPacket> {
  const random = seededRandom(seed);
  let made = 0;
  for (const drawn of generateCases({ seed, count: count * 20 + 200 })) {
    const partnerId = partnerOf(drawn);
    if (partnerId === null) continue;
    yield fullPacket(random, drawn, partnerId, made);
    made += 1;
    if (made === count) return;
  }
}

function partnerOf(supportCase: SupportCase): string | null {
  const country = supportCase.participants.find((one) => one.role === 'obligor')?.residence?.country;
  if (supportCase.status !== 'open' || supportCase.orders.length === 0) return null;
  if (country === 'KR') return 'kr-kcsa';
  return country === 'MX' ? (supportCase.county === '06025' ? 'mx-consulate-calexico' : 'mx-consulate-los-angeles') : null;
}

function fullPacket(random: Random, drawn: SupportCase, partnerId: string, index: number): FullPacket {
  const supportCase = withFamily(random, drawn);
  const partner = getPartner(partnerId);
  const number = String(index).padStart(6, '0');
  const { model: bare } = assembleModel({ supportCase, partner, services: SERVICES, referralId: `ref_01K0000000000000000A${number}`, openedOn: '2026-11-02', agency: 'us-ca', on: ON });
  if (!bare) throw new Error('no model');
  const interview = interviewOf(random, bare);
  const model: PacketModel = {
    ...bare, interview, narratives: narrativesOf(random, bare, index), attachments: attachmentsOf(bare, index),
    arrears: arrearsStatements({ history: supportCase.history, orders: supportCase.orders, asOf: '2026-10-31' }, interestRules()).statements,
  };
  return { supportCase, model, seal: { packetId: `pkt_01K0000000000000000B${number}`, datedOn: ON } };
}

function withFamily(random: Random, drawn: SupportCase): SupportCase {
  const adults = drawn.participants.filter((one) => one.role !== 'dependent').map(withoutProtection);
  const father = adults.find((one) => one.role === 'obligor') ?? adults[0];
  const mother = adults.find((one) => one.role === 'obligee' || one.role === 'caretaker') ?? adults[0];
  if (!father || !mother) throw new Error('no parents');
  const origin = father.nationalities?.[0] === 'KR' ? 'KR' : 'MX';
  const children = Array.from({ length: CHILDREN }, (_, index) => makeChild(random, { participantId: `C${index + 1}`, father, mother, before: '2019-06-01', origin }));
  const orders = drawn.orders.map((order) => ({ ...order, jurisdiction: 'US-CA', obligations: order.obligations.map((one) => ({ ...one, currency: 'USD', dependents: children.map((child) => child.participantId) })) }));
  return { ...drawn, participants: [...adults, ...children], orders, history: historyOf(random) };
}

function withoutProtection(person: Participant): Participant {
  const open: Participant = { ...person };
  delete open.nondisclosure;
  return open;
}

function historyOf(random: Random): HistoryEntry[] {
  const line = (kind: HistoryEntry['kind'], on: string, amount: number): HistoryEntry => ({ kind, on, amount: amount.toFixed(2), currency: 'USD', bucket: 'current_support' });
  return Array.from({ length: MONTHS }, (_, month) => {
    const first = addMonths(FROM, month);
    const charge = line('charge', first, 875);
    return random.chance(0.6) ? [charge, line('payment', `${first.slice(0, 8)}${random.integer(10, 28)}`, random.integer(100, 800) + 0.37)] : [charge];
  }).flat();
}

function interviewOf(random: Random, model: PacketModel): PacketInterview {
  const wanted = sections.filter((section) => section.services.some((service) => SERVICES.includes(service)) && (section.countries?.includes(model.partner.country) ?? true));
  const answers = (section: Section): Record<string, Answer> => Object.fromEntries(section.fields.filter((field) => field.kind !== 'long').map((field) => [field.id, answerOf(random, field)]));
  const children = model.supportCase.parties.filter((party) => party.role === 'dependent').map((child) => child.participantId);
  const ofScope = (scope: Section['scope']): Record<string, Record<string, Answer>> => Object.fromEntries(wanted.filter((section) => section.scope === scope).map((section) => [section.id, answers(section)]));
  return { sections: ofScope('case'), children: Object.fromEntries(children.map((child) => [child, ofScope('child')])) };
}

function answerOf(random: Random, field: Field): Answer {
  switch (field.kind) {
    case 'choice': return random.pick(field.choices ?? ['other']);
    case 'yesno': return random.chance(0.5);
    case 'date': return `20${random.integer(15, 25)}-0${random.integer(1, 9)}-${random.integer(10, 28)}`;
    case 'month': return `20${random.integer(15, 25)}-0${random.integer(1, 9)}`;
    case 'amount': return `${random.integer(100, 9_000)}.50`;
    case 'currency': return 'USD';
    case 'number': return String(random.integer(1, 90));
    case 'country': return random.pick(['US', 'MX', 'KR']);
    case 'list': return Array.from({ length: 4 }, () => Object.fromEntries((field.fields ?? []).map((one) => [one.id, answerOf(random, one) as string | boolean])));
    default: return `${random.pick(['Calle Hidalgo', 'Avenida Juárez', 'Ash Street', 'Main Street'])} ${random.integer(10, 9_999)}`;
  }
}

const SOURCE = [
  'We met in Los Angeles in March 2009 and lived together on Ash Street until August 2016.',
  'He paid in cash for some months and then stopped without a word.',
  'The children have asked for him often; the eldest needs glasses and the youngest has asthma.',
  'I do not know where he works now, but his sister told me that he drives a truck between Mexicali and Tijuana.',
];
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'es-MX': [
    'Nos conocimos en Los Ángeles en marzo de 2009 y vivimos juntos en la calle Ash hasta agosto de 2016.',
    'Él pagó en efectivo durante algunos meses y después dejó de hacerlo sin decir nada.',
    'Los niños preguntan por él con frecuencia; la mayor necesita lentes y el menor tiene asma.',
    'No sé dónde trabaja ahora, pero su hermana me dijo que maneja un camión entre Mexicali y Tijuana.',
  ],
  'ko-KR': [
    '저희는 2009년 3월 로스앤젤레스에서 만나 2016년 8월까지 애시 스트리트에서 함께 살았습니다.',
    '상대방은 몇 달 동안 현금으로 지급하다가 아무 말 없이 지급을 멈추었습니다.',
    '아이들은 아버지를 자주 찾습니다. 큰아이는 안경이 필요하고 막내는 천식이 있습니다.',
    '지금 어디에서 일하는지는 모르지만, 상대방의 누나는 그가 트럭을 운전한다고 말했습니다.',
  ],
};

function narrativesOf(random: Random, model: PacketModel, index: number): PacketNarrative[] {
  const language = model.partner.language;
  const narrative = (id: string, participantId: string | null, sentences: number): PacketNarrative => ({
    id, participantId, sourceLanguage: 'en', targetLanguage: language,
    segments: Array.from({ length: sentences }, (_, line) => {
      const at = random.integer(0, SOURCE.length - 1);
      return { source: `${index}.${line + 1} ${SOURCE[at]}`, target: `${index}.${line + 1} ${TARGETS[language]?.[at]}` };
    }),
    translator: { name: 'Lucía Pech Canul', qualification: 'court_certified', on: '2026-11-12' },
  });
  const children = model.supportCase.parties.filter((party) => party.role === 'dependent');
  return [narrative('statement', null, 24), narrative('interview.payment_history.agreement', null, 8),
    ...children.map((child) => narrative('interview.needs.medicalNeeds', child.participantId, 4))];
}

function attachmentsOf(model: PacketModel, index: number): PacketAttachment[] {
  const children = model.supportCase.parties.filter((party) => party.role === 'dependent');
  const attachment = (number: number, kind: string, participantId: string | null, by: string | null): PacketAttachment => ({
    attachmentId: `att_${index}_${number}`, kind, participantId, title: null, fileName: `attachment-${String(number).padStart(2, '0')}.pdf`, mediaType: 'application/pdf', pages: 3,
    byteCount: 84_213 + number, sha256: createHash('sha256').update(`${index}/${number}`).digest('hex'), language: by === null ? model.partner.language : 'en',
    translation: by === null ? { notNeeded: 'in_partner_language' } : { by }, officialForm: null,
  });
  return [attachment(1, 'certified_order', null, `att_${index}_2`), attachment(2, 'translation', null, null),
    ...children.flatMap((child, at) => [attachment(3 + 2 * at, 'birth_certificate', child.participantId, `att_${index}_${4 + 2 * at}`), attachment(4 + 2 * at, 'translation', child.participantId, null)])];
}
