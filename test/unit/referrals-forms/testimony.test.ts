import { readFileSync } from 'node:fs';
import { composeDocuments } from '../../../src/modules/referrals/documents/compose-documents.ts';
import type { ComposedDocument } from '../../../src/modules/referrals/documents/compose-documents.ts';
import { formLibrary } from '../../../src/modules/referrals/documents/form-library.ts';
import type { FormLibrary } from '../../../src/modules/referrals/documents/form-library.ts';
import type { FormSet } from '../../../src/modules/referrals/documents/form-set.rules.ts';
import { packetWords } from '../../../src/modules/referrals/packets/compose-packet.ts';
import type { PacketModel, PacketParty } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { aTestimonyModel } from '../../support/referrals/testimony-model.ts';

const FORMS = ['uniform_support_petition', 'general_testimony', 'parentage_declaration', 'korea_enforcement_checklist', 'mexico_checklist'];
const SEALED = ['confidential_information', 'personal_information_311'];
const SERVICES = ['establish_parentage', 'establish_order', 'register_enforce', 'modify', 'collect_forward'];
const SEAL = { packetId: 'pkt_01K0000000000000000000000B', datedOn: '2026-11-20' };

/** Only the forms of this test, whatever else a packet would carry. */
function library(documents: readonly string[] = FORMS): FormLibrary {
  const known = formLibrary();
  const set: FormSet = {
    setVersion: '1.0', setId: 'federal_uifsa', always: { first: documents, last: [] }, after: {}, byCountry: {}, sealedParts: SEALED,
    services: Object.fromEntries(SERVICES.map((service) => [service, { options: [{ documents: [], csenet: null }], needs: [], promises: '' }])),
  };
  return { ...known, sets: new Map([['federal_uifsa', set]]) };
}

function compose(model: PacketModel, documents?: readonly string[], sealedCase = model.supportCase) {
  const words = packetWords(model.partner.language);
  const message = { fileName: 'message.xml', sha256: '0'.repeat(64) };
  const result = composeDocuments({ model: { ...model, partner: { ...model.partner, sealedPart: true } }, seal: SEAL, message, sealedCase }, words, library(documents));
  return { ...result, missing: [...words.missing] };
}

const textOf = (documents: readonly ComposedDocument[]): string => JSON.stringify(documents.map((one) => one.blocks));

interface Field { id: string; kind: string; choices?: string[]; fields?: Field[] }
const interview = JSON.parse(readFileSync('src/modules/referrals/interview/interview.v1.json', 'utf8')) as { sections: { id: string; fields: Field[] }[] };

function choicesOf(fields: readonly Field[], path: string): [string, string[]][] {
  return fields.flatMap((field) => [...(field.choices ? [[`${path}.${field.id}`, field.choices] as [string, string[]]] : []), ...choicesOf(field.fields ?? [], `${path}.${field.id}`)]);
}

describe('petition, testimony, declarations and checklists', () => {
  it.each(['MX', 'KR'] as const)('are set for a partner in %s with no text that lacks its other language', (country) => {
    const { documents, sealedParts, missing } = compose(aTestimonyModel(country, SERVICES));
    expect(missing).toEqual([]);
    expect(documents.map((one) => one.formId)).toEqual(['uniform_support_petition', 'general_testimony', ...Array<string>(3).fill('parentage_declaration'), 'korea_enforcement_checklist', 'mexico_checklist']);
    expect(sealedParts.map((one) => one.formId)).toEqual(SEALED);
  });

  it('have words for every answer that the interview allows', () => {
    const source = FORMS.concat(SEALED).map((formId) => JSON.stringify(formLibrary().forms.get(formId))).join('') + JSON.stringify([...formLibrary().parts]);
    const prefixes = [...new Set([...source.matchAll(/"words":"((?:interview|testimony):choice\.[A-Za-z_.]+)"/g)].map((match) => match[1] as string))];
    expect(prefixes.length).toBeGreaterThan(10);
    const choices = new Map(interview.sections.flatMap((section) => choicesOf(section.fields, section.id)));
    const absent = prefixes.flatMap((prefix) => (choices.get(prefix.slice(prefix.indexOf('.') + 1)) ?? ['no such question']).map((choice) => `${prefix}.${choice}`));
    for (const language of LANGUAGES) expect(absent.filter((key) => !hasWords(language, key))).toEqual([]);
  });

  it('look only for kinds of papers that can be attached', () => {
    const source = FORMS.map((formId) => JSON.stringify(formLibrary().forms.get(formId))).join('');
    const wanted = [...source.matchAll(/"at":"paper\.kind","in":\[([^\]]*)\]/g)].flatMap((match) => JSON.parse(`[${match[1]}]`) as string[]);
    const known = (JSON.parse(readFileSync('src/modules/referrals/attachments/kinds.json', 'utf8')) as { kinds: { code: string }[] }).kinds.map(({ code }) => code);
    expect(wanted.filter((kind) => !known.includes(kind))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(5);
  });

  it('say what each stands for: its official form, or that it is a working aid', () => {
    for (const document of compose(aTestimonyModel('MX', SERVICES)).documents) {
      expect(document.blocks.some((block) => block.kind === 'notice')).toBe(true);
      const origin = formLibrary().forms.get(document.formId)?.corresponds;
      expect(origin === undefined || textOf([document]).includes(origin.name)).toBe(true);
    }
  });

  it('print the federal title beside the Mexican one, and the clause of both laws above a sworn signature', () => {
    const text = textOf(compose(aTestimonyModel('MX', SERVICES)).documents);
    for (const words of ['Petición Uniforme de Sustento', 'Demanda uniforme de alimentos', 'Testimonio general', 'Declaración testimonial general', 'bajo protesta de decir verdad', 'perjurio']) expect(text).toContain(words);
  });

  it('carry what a person wrote with its translation, of each child its own', () => {
    const model = aTestimonyModel('KR', SERVICES);
    const [first] = model.supportCase.parties.filter((party) => party.role === 'dependent');
    const own = model.narratives.map((one) => (one.participantId === first?.participantId ? { ...one, segments: [{ source: 'He has his eyes.', target: '눈이 닮았습니다.' }] } : one));
    const [one, two] = compose({ ...model, narratives: own }, ['parentage_declaration']).documents;
    expect(textOf(one ? [one] : [])).toContain('눈이 닮았습니다.');
    expect(textOf(two ? [two] : [])).not.toContain('눈이 닮았습니다.');
  });

  it('name the papers of a child in the declaration about that child only', () => {
    const [one, two] = compose(aTestimonyModel('MX', SERVICES), ['parentage_declaration']).documents;
    expect(textOf(one ? [one] : [])).toContain('birth certificate');
    expect(textOf(two ? [two] : [])).toContain('None is attached in this packet.');
  });

  it('leave numbers of identity, telephones and e-mail to the sheets that are sealed apart', () => {
    const model = aTestimonyModel('MX', SERVICES);
    const [identifier] = model.supportCase.parties.flatMap((party) => party.identifiers);
    const { documents, sealedParts } = compose(model);
    expect(textOf(documents)).not.toContain(identifier?.value);
    expect(textOf(sealedParts)).toContain(identifier?.value);
  });

  it('give no testimony to swear to where nobody was asked anything', () => {
    const silent = (services: readonly string[]): string[] => compose({ ...aTestimonyModel('MX', services), interview: { sections: {}, children: {} }, narratives: [] }, ['general_testimony']).documents.map((one) => one.formId);
    expect(silent(['register_enforce', 'collect_forward'])).toEqual([]);
    expect(silent(['modify'])).toEqual(['general_testimony']);
  });

  it('say who declares: the obligee, the obligor or the agency', () => {
    const model = aTestimonyModel('KR', SERVICES);
    const declaredBy = (role: string): string => textOf(compose({ ...model, interview: { ...model.interview, sections: { declarant: { role } } } }, ['parentage_declaration']).documents.slice(0, 1));
    expect(declaredBy('agency')).toContain('Official of the initiating agency');
    expect(declaredBy('agency')).not.toContain('Relationship to the child');
    expect(declaredBy('obligee')).toContain('Relationship to the child');
  });

  it('tell nothing of a protected person but the address of the agency', () => {
    const model = aTestimonyModel('MX', SERVICES);
    const hidden = (party: PacketParty): PacketParty => (party.role === 'obligor' ? party : {
      ...party, isProtected: true, given: null, family: null, secondFamily: null, native: null, aliases: [], sex: null, birthDate: null, birthPlace: null, nationalities: [],
      address: null, addressVerifiedOn: null, phones: [], emails: [], identifiers: [], employer: null, employerAddress: null,
    });
    const told = { ...model, interview: { sections: {}, children: {} }, narratives: [], attachments: [], supportCase: { ...model.supportCase, parties: model.supportCase.parties.map(hidden) } };
    const { documents, sealedParts, missing } = compose(told);
    expect(missing).toEqual([]);
    const text = textOf([...documents, ...sealedParts]);
    expect(text).toContain('Dato reservado');
    expect(text).toContain(model.agency.address.lines[0]);
    expect(text).not.toContain('Holtville');
  });

  it('say in the sealed parts of whom nothing may be told further, and keep where they are from the sheet for the tribunal', () => {
    const model = aTestimonyModel('MX', SERVICES);
    const hidden = (party: PacketParty): PacketParty => (party.role === 'obligee' ? { ...party, isProtected: true, given: null, family: null, address: null } : party);
    const { sealedParts } = compose({ ...model, supportCase: { ...model.supportCase, parties: model.supportCase.parties.map(hidden) } }, [], model.supportCase);
    const [betweenAgencies, forTribunal] = sealedParts.map((part) => textOf([part]));
    for (const text of [betweenAgencies, forTribunal]) expect(text).toContain('Nondisclosure applies to a person shown here.');
    expect(betweenAgencies).toContain('7842 Main St');
    expect(forTribunal).not.toContain('7842 Main St');
    expect(forTribunal).toContain('Calle Vicente Guerrero 734');
  });

  it('tick what the packet brings, and leave to the reader what is for the reader', () => {
    const [checklist] = compose(aTestimonyModel('MX', SERVICES), ['mexico_checklist']).documents;
    const ticks = (checklist?.blocks ?? []).flatMap((block) => (block.kind === 'choices' ? block.rows.map((row) => [row.pair.left[0]?.text, row.isOn]) : []));
    expect(ticks).toContainEqual(['Certified copy of the order', true]);
    expect(ticks).toContainEqual(['Marriage record, where the parents were married', false]);
    expect(ticks).toContainEqual(['Complete, nothing missing', false]);
  });

  it('warn where service was by publication and nobody appeared', () => {
    const model = aTestimonyModel('KR', ['enforce', ...SERVICES].slice(1));
    const warned = (korea: Record<string, string | boolean>): boolean => textOf(compose({ ...model, interview: { ...model.interview, sections: { korea } } }, ['korea_enforcement_checklist']).documents).includes('공시송달에 의한 송달은 이 요건에서 제외됩니다');
    expect([warned({ servedHow: 'publication', appeared: false }), warned({ servedHow: 'publication', appeared: true }), warned({ servedHow: 'personal' })]).toEqual([true, false, false]);
  });
});
