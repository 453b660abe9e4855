import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { optionOf, plannedForms } from '../../../src/modules/referrals/documents/form-set.rules.ts';
import type { FormSet } from '../../../src/modules/referrals/documents/form-set.rules.ts';
import type { Scope } from '../../../src/modules/referrals/documents/form-scope.rules.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { schemaValidator } from '../../../src/platform/validation.ts';

const DOCUMENTS = 'src/modules/referrals/documents';
const CODES = ['locate', 'establish_parentage', 'establish_order', 'register_enforce', 'enforce', 'modify', 'collect_forward', 'serve_documents', 'obtain_evidence', 'status', 'payment_location', 'close'];
const data = JSON.parse(readFileSync(`${DOCUMENTS}/form-sets/federal_uifsa.json`, 'utf8')) as FormSet & { csenetCodes: Record<string, string> };
const kinds = (JSON.parse(readFileSync('src/modules/referrals/attachments/kinds.json', 'utf8')) as { kinds: { code: string }[] }).kinds.map(({ code }) => code);
const sections = (JSON.parse(readFileSync('src/modules/referrals/interview/interview.v1.json', 'utf8')) as { sections: { id: string; scope: string }[] }).sections;

interface Need { code: string; of: string; section?: string; each?: string; kinds?: string[] }
const needsOf = (service: string): Need[] => data.services[service]?.needs as unknown as Need[];

const anOrder = (isParentageEstablished: boolean) => ({ isParentageEstablished });
function scope(changes: Partial<Record<string, unknown>> = {}): Scope {
  const obligor = { role: 'obligor' };
  return { services: [], obligor, orders: [], interview: {}, case: { orders: [] }, ...changes };
}
const reason = (service: string, given: Scope) => optionOf(data, service, given)?.csenet?.reason;

describe('the federal set of forms', () => {
  it('fits its schema', () => {
    const validate = schemaValidator('form-set.v1');
    validate(data);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('knows every service, and each service an option that always holds, at the end', () => {
    expect(Object.keys(data.services).sort()).toEqual([...CODES].sort());
    for (const { options } of Object.values(data.services)) {
      expect(options.slice(0, -1).every((option) => option.when !== undefined)).toBe(true);
      expect(options.at(-1)?.when).toBeUndefined();
    }
  });

  it('names only forms that exist, and never plans a sealed part', () => {
    const { always, after, byCountry, sealedParts, services } = data;
    const planned = [always.first, always.last, ...Object.entries(after).flatMap(([form, following]) => [[form], following]),
      ...Object.values(byCountry).map((list) => list.map(({ formId }) => formId)), ...Object.values(services).flatMap(({ options }) => options.map((option) => option.documents))].flat();
    expect([...new Set([...planned, ...sealedParts])].filter((formId) => !existsSync(`${DOCUMENTS}/forms/${formId}.json`))).toEqual([]);
    const isSealed = (formId: string) => (JSON.parse(readFileSync(`${DOCUMENTS}/forms/${formId}.json`, 'utf8')) as { isSealedPart?: boolean }).isSealedPart === true;
    expect(planned.filter(isSealed)).toEqual([]);
    expect(sealedParts.filter((formId) => !isSealed(formId))).toEqual([]);
  });

  it('explains every CSENet code that it uses, and no other', () => {
    const used = Object.values(data.services).flatMap(({ options }) => options.map(({ csenet }) => (csenet ? `${csenet.function} ${csenet.action} ${csenet.reason}` : null)));
    expect([...new Set(used)].sort()).toEqual(Object.keys(data.csenetCodes).sort());
  });

  it('asks to establish parentage with the order exactly where parentage is open', () => {
    expect(reason('establish_order', scope())).toBe('SRORD');
    expect(reason('establish_order', scope({ orders: [anOrder(true)] }))).toBe('SRORD');
    expect(reason('establish_order', scope({ orders: [anOrder(false)] }))).toBe('SRPAT');
    expect(reason('establish_order', scope({ obligor: { role: 'alleged_parent' } }))).toBe('SRPAT');
    expect(reason('establish_order', scope({ services: ['establish_parentage', 'establish_order'] }))).toBe('SRPAT');
    expect(optionOf(data, 'establish_order', scope({ obligor: { role: 'alleged_parent' } }))?.documents).toContain('parentage_declaration');
    expect(optionOf(data, 'establish_order', scope())?.documents).not.toContain('parentage_declaration');
  });

  it('gives the reason of a closure from the interview', () => {
    expect(reason('close', scope({ interview: { closure: { reason: 'party_request' } } }))).toBe('GSC09');
    expect(reason('close', scope())).toBe('GSC17');
  });

  it('names sections of the interview and kinds of attachments that exist', () => {
    const needs = CODES.flatMap(needsOf);
    expect(needs.filter(({ section, each }) => section !== undefined && !sections.some((one) => one.id === section && (one.scope === 'child') === (each === 'child')))).toEqual([]);
    expect(needs.flatMap((need) => need.kinds ?? []).filter((kind) => !kinds.includes(kind))).toEqual([]);
  });

  it.each(LANGUAGES)('says in %s what each service asks for and what it needs', (language) => {
    const keys = Object.values(data.services).flatMap(({ promises, needs }) => [promises, ...needs.map(({ code }) => `testimony:findings.need_${code}`)]);
    expect([...new Set(keys)].filter((key) => !hasWords(language, key))).toEqual([]);
  });
});

describe('the plan of a packet', () => {
  const plan = (country: string, ...services: string[]): string[] => plannedForms(data, services, country, scope({ services }));

  it('begins with the letter and ends with the list', () => {
    for (const service of CODES) {
      const planned = plan('MX', service);
      expect([planned[0], planned.at(-1)]).toEqual(['cover_letter', 'document_list']);
      expect(new Set(planned).size).toBe(planned.length);
    }
  });

  it('puts the acknowledgment page right after the transmittal', () => {
    const planned = plan('MX', 'register_enforce', 'collect_forward');
    expect(planned[planned.indexOf('transmittal_1') + 1]).toBe('transmittal_1_acknowledgment');
    expect(planned.filter((formId) => formId === 'transmittal_1')).toHaveLength(1);
  });

  it('gives each country its own checklist, and only where it serves', () => {
    expect(plan('KR', 'enforce')).toContain('korea_enforcement_checklist');
    expect(plan('KR', 'enforce')).not.toContain('mexico_checklist');
    expect(plan('KR', 'locate')).not.toContain('korea_enforcement_checklist');
    expect(plan('MX', 'enforce')).toContain('mexico_checklist');
    expect(plan('ES', 'enforce').filter((formId) => formId.endsWith('_checklist'))).toEqual([]);
  });

  it('does not open a case abroad for limited help', () => {
    expect(plan('MX', 'serve_documents')).not.toContain('transmittal_1');
    expect(plan('MX', 'serve_documents', 'obtain_evidence').filter((formId) => formId === 'transmittal_3')).toHaveLength(1);
  });

  it('has no form that no set plans', () => {
    const planned = new Set([...CODES.flatMap((service) => ['MX', 'KR'].flatMap((country) => plannedForms(data, [service], country, scope({ services: [service], obligor: { role: 'alleged_parent' } })))), ...data.sealedParts]);
    const forms = readdirSync(`${DOCUMENTS}/forms`).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    expect(forms.filter((formId) => !planned.has(formId))).toEqual([]);
  });
});
