import { composeDocuments } from '../../../src/modules/referrals/documents/compose-documents.ts';
import type { ComposedDocument } from '../../../src/modules/referrals/documents/compose-documents.ts';
import { textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import { formLibrary } from '../../../src/modules/referrals/documents/form-library.ts';
import { packetWords } from '../../../src/modules/referrals/packets/compose-packet.ts';
import type { PacketModel } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { SERVICE_CODES } from '../../../src/modules/partners/index.ts';
import { aFullModel } from '../../support/referrals/full-packet.ts';

const SEAL = { packetId: 'pkt_01K0000000000000000000000B', datedOn: '2026-11-20' };

function documentsOf(model: PacketModel): { byForm: (formId: string) => ComposedDocument; formIds: string[]; missing: string[] } {
  const words = packetWords(model.partner.language);
  const message = { fileName: 'message.xml', sha256: 'ab'.repeat(32) };
  const { documents } = composeDocuments({ model, seal: SEAL, message, sealedCase: null }, words, formLibrary());
  return {
    formIds: documents.map(({ formId }) => formId), missing: [...words.missing],
    byForm: (formId) => {
      const found = documents.find((document) => document.formId === formId);
      if (!found) throw new Error(`no ${formId}`);
      return found;
    },
  };
}

const textOf = (document: ComposedDocument): string => textsOf(document.blocks).join('\n');
/** The English texts of the boxes that are ticked. */
const ticked = (document: ComposedDocument): string[] => document.blocks.flatMap((block) => (block.kind === 'choices' ? block.rows.filter((row) => row.isOn).map((row) => row.pair.left[0]?.text ?? '') : []));

describe.each(['MX', 'KR'] as const)('documents for %s', (country) => {
  it.each(SERVICE_CODES)('%s lacks no word in either language', (service) => {
    expect(documentsOf(aFullModel(country, [service])).missing).toEqual([]);
  });

  it('ask in the letter for each service, in the marks of the language', () => {
    const letter = textOf(documentsOf(aFullModel(country, ['enforce', 'collect_forward', 'serve_documents'])).byForm('cover_letter'));
    expect(letter).toContain('(c) to have the papers named');
    expect(letter).toContain(country === 'MX' ? 'c) practicar el emplazamiento' : '다. 이 의뢰 서류에 기재된 사람에게');
  });

  it('name the official form, and say that they are not it', () => {
    const model = aFullModel(country, ['register_enforce', 'locate', 'status', 'payment_location', 'serve_documents']);
    const documents = documentsOf(model);
    const names = { transmittal_1: 'Transmittal #1 – Initial Request”', transmittal_2: 'Transmittal #2', transmittal_3: 'Transmittal #3', payment_location_notice: 'UIFSA § 319', registration_letter: 'Letter of Transmittal', locate_request: 'Locate Request' };
    for (const [formId, name] of Object.entries(names)) {
      const text = textOf(documents.byForm(formId));
      expect(text).toContain(name);
      expect(text).toContain('It is not that form');
      expect(text).toContain('0970-0085');
    }
  });
});

it('the Korean letter is a numbered official letter that ends as such, over the name of the office', () => {
  const letter = documentsOf(aFullModel('KR')).byForm('cover_letter');
  const korean = letter.blocks.flatMap((block) => (block.kind === 'pair' ? block.rows.flatMap((row) => row.right.map((line) => line.text)) : []));
  expect(korean.filter((text) => /^\d\. /.test(text)).map((text) => text.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.']);
  const end = korean.findIndex((text) => text.endsWith('끝.'));
  expect(korean[end]).toContain('붙임');
  expect(korean[end + 1]).toBe('로스앤젤레스 카운티 양육비 서비스국');
});

it('Transmittal #1 ticks what is asked and nothing else', () => {
  const on = ticked(documentsOf(aFullModel('MX', ['register_enforce'])).byForm('transmittal_1'));
  expect(on).toContain('Register the order of another tribunal for enforcement');
  expect(on.filter((text) => /arrears only|Modify|Establish|service of documents|controlling/.test(text))).toEqual([]);
});

it('arrears only is ticked where the order has nothing else, and not before', () => {
  const model = aFullModel('MX', ['register_enforce']);
  const only = { ...model, supportCase: { ...model.supportCase, orders: model.supportCase.orders.map((order) => ({ ...order, obligations: order.obligations.map((one) => ({ ...one, kind: 'arrears_payment' })) })) } };
  expect(ticked(documentsOf(model).byForm('registration_letter'))).toContain('Register for enforcement');
  expect(ticked(documentsOf(only).byForm('registration_letter'))).toContain('Register for enforcement of arrears only');
});

it('Transmittal #3 opens no case: alone, and within the case that Transmittal #1 opens', () => {
  expect(textOf(documentsOf(aFullModel('KR', ['serve_documents'])).byForm('transmittal_3'))).toContain('must not open a case');
  const within = textOf(documentsOf(aFullModel('KR', ['enforce', 'serve_documents'])).byForm('transmittal_3'));
  expect(within).toContain('opens no further case');
  expect(within).not.toContain('must not open a case');
});

it('the return page comes with Transmittal #1, blank but for the numbers that tie it to the case', () => {
  const model = aFullModel('MX', ['enforce']);
  const { byForm, formIds } = documentsOf(model);
  expect(formIds[formIds.indexOf('transmittal_1') + 1]).toBe('transmittal_1_acknowledgment');
  const page = byForm('transmittal_1_acknowledgment');
  expect(ticked(page)).toEqual([]);
  expect(textOf(page)).toContain(model.supportCase.caseId);
  expect(textOf(page)).toContain(SEAL.packetId);
  expect(page.blocks.some((block) => block.kind === 'fields' && block.rows.some((row) => row.value.left[0]?.style === 'rule'))).toBe(true);
});

it('a notice of the controlling order is there for several orders only, and asserts no determination', () => {
  const model = aFullModel('MX', ['register_enforce']);
  const [order] = model.supportCase.orders;
  if (!order) throw new Error('no order');
  expect(documentsOf(model).formIds).not.toContain('controlling_order_notice');
  const two = { ...model, supportCase: { ...model.supportCase, orders: [order, { ...order, orderId: 'O2', docketNumber: '24FL0002' }] } };
  const notice = documentsOf(two).byForm('controlling_order_notice');
  expect(ticked(notice).filter((text) => text.includes('determin'))).toEqual([expect.stringContaining('No determination has been notified')]);
});

describe('where somebody is protected', () => {
  const model = aFullModel('MX', ['register_enforce', 'serve_documents']);
  const hidden = { given: null, family: null, secondFamily: null, native: null, birthDate: null, birthPlace: null, address: null, phones: [], emails: [], identifiers: [] };
  const isObligor = (role: string): boolean => role === 'obligor';
  const guarded: PacketModel = {
    ...model,
    supportCase: { ...model.supportCase, parties: model.supportCase.parties.map((party) => (isObligor(party.role) ? party : { ...party, ...hidden, isProtected: true })) },
    attachments: model.attachments.map((one) => ({ ...one, title: 'Birth record of CANARY' })),
  };
  const { byForm, formIds } = documentsOf(guarded);
  const texts = formIds.filter((formId) => !/testimony|petition|declaration|checklist|certificate|statement/.test(formId)).map((formId) => [formId, textOf(byForm(formId))] as const);

  it.each(texts.filter(([formId]) => !['document_list', 'transmittal_1_acknowledgment'].includes(formId)))('%s tells what to do and not whom', (_formId, text) => {
    expect(text).toContain('Nondisclosure: by law');
  });

  it('says of each child that the name is withheld, never that it is not stated', () => {
    const list = byForm('transmittal_1').blocks.flatMap((block) => (block.kind === 'grid' ? block.rows.map((row) => row.at(-1)?.map((line) => line.text) ?? []) : []));
    expect(list.some((cell) => cell.filter((text) => text === 'Withheld').length === 3)).toBe(true);
  });

  it('prints the agency’s address in place of the person’s', () => {
    const { agency } = guarded;
    expect(textOf(byForm('transmittal_1')).split(agency.address.lines[0] ?? '').length - 1).toBeGreaterThan(4);
  });

  it('prints no title that somebody gave to a paper', () => {
    expect(texts.map(([, text]) => text).join('\n')).not.toContain('CANARY');
  });
});

it('identity numbers go from office to office, not to a tribunal or a process server', () => {
  const documents = documentsOf(aFullModel('MX', ['register_enforce', 'serve_documents', 'locate']));
  const curp = 'BOXW310820HNERXN09';
  expect(['transmittal_1', 'locate_request'].filter((formId) => !textOf(documents.byForm(formId)).includes(curp))).toEqual([]);
  expect(['registration_letter', 'transmittal_3', 'cover_letter'].filter((formId) => textOf(documents.byForm(formId)).includes(curp))).toEqual([]);
});
