import { readFileSync } from 'node:fs';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { getPartner, listPartners } from '../../../src/modules/partners/index.ts';
import { differences, consequencesOf } from '../../../src/modules/partners/kits/profile-changes.ts';
import { groupsOf, PLAIN, PROFILE_SCHEMA, schemaOfPart, valueAt } from '../../../src/web/administrator/partner-schema.ts';
import { allNodes, nodeOf } from '../../../src/web/schema-form/nodes.ts';
import type { FormWords } from '../../../src/web/schema-form/nodes.ts';
import { readLocated } from '../../../src/web/schema-form/located-json.rules.ts';
import { isEmpty, rowsChanged, valueFrom } from '../../../src/web/schema-form/read.ts';

const asked = new Set<string>();
const WORDS: FormWords = {
  label: (names) => { asked.add(names.filter((name) => name !== 'value' && !/^\d+$/.test(name)).slice(-2).join('_')); return names.at(-1) ?? ''; },
  hint: () => null, choice: (_, code) => code, row: (_, number) => String(number), more: '', yes: 'yes', no: 'no', date: (day) => day,
};

/** What a browser sends of a form as it stands. */
function sentOf(node: ReturnType<typeof nodeOf>): Record<string, string | string[]> {
  return Object.fromEntries(allNodes(node as NonNullable<typeof node>).flatMap((one): [string, string | string[]][] => {
    if (one.kind === 'group') return [];
    if (one.kind === 'rows') return [[`${one.name}~rows`, String(one.members.length)]];
    return [[one.name, one.kind === 'choices' ? [...one.values] : one.value]];
  }));
}

const PARTS = listPartners().flatMap((profile) => groupsOf(profile).flatMap(({ parts }) => parts.filter((part) => part.at === PLAIN || (valueAt(profile, part.at) ?? null) !== null).map((part) => [`${profile.partnerId}${part.at}`, profile, part] as const)));

it.each(PARTS)('%s comes back from its form as it went in, with fewer fields than a form may have', (_, profile, part) => {
  const schema = schemaOfPart(part);
  const [base, value] = part.isFact ? [`${part.at}/value`, valueAt(profile, `${part.at}/value`)] : ['', { kind: profile.kind, country: profile.country, validFrom: profile.validFrom }];
  const node = nodeOf(schema, PROFILE_SCHEMA, value, WORDS, { name: base, names: [...part.at.split('/').slice(1), 'value'], isRequired: true });
  expect(valueFrom(schema, PROFILE_SCHEMA, sentOf(node), base, true)).toEqual(JSON.parse(JSON.stringify(value)));
  expect(allNodes(node as NonNullable<typeof node>).length).toBeLessThan(180);
});

it('has words in each language for every field of a profile', () => {
  const silent = [...asked].filter((names) => names !== '' && !/(^|_)(en|[a-z]{2}-[A-Z]{2})$/.test(names));
  const missing = silent.flatMap((names) => LANGUAGES.filter((language) => ![names, names.split('_').at(-1) ?? ''].some((key) => hasWords(language, `admin:field.${key}`))).map((language) => `${language} ${names}`));
  expect(missing).toEqual([]);
});

it('reads nothing from names that are not the form’s own', () => {
  const schema = schemaOfPart({ at: '/names', isFact: true, isOptional: false });
  const sent = JSON.parse('{"__proto__": {"/names/value/en": "x"}, "constructor": "y", "/names/value/en": {"a": 1}, "/names/value~more": "__proto__ = z"}') as Record<string, unknown>;
  const value = valueFrom(schema, PROFILE_SCHEMA, sent, '/names/value', true) as Record<string, unknown>;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect([value['en'], Object.keys(value)]).toEqual([undefined, ['__proto__']]);
  expect([isEmpty({ a: [{}], b: '' }), rowsChanged({ a: [1, 2, 3] }, 'up:/a/2', '')?.value, rowsChanged({}, 'add:/__proto__/polluted', '')?.value]).toEqual([true, { a: [1, 3, 2] }, expect.anything()]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('reads JSON as JSON.parse does and knows where everything stands', () => {
  const text = readFileSync(new URL('../../../src/modules/partners/profiles/kr-kcsa.json', import.meta.url), 'utf8');
  const read = readLocated(text);
  expect(read.isRead && read.value).toEqual(JSON.parse(text));
  const line = text.split('\n').findIndex((one) => one.includes('"timeZone"')) + 1;
  expect(read.isRead && read.placeOf('/timeZone')).toMatchObject({ line });
  expect(read.isRead && read.placeOf('/timeZone/value/what/ever')).toMatchObject({ line: line + 1 });
});

it.each(['', '{', '{"a":}', '[1,]', '{"a":1,}', '01', '"\\x"', '"a\nb"', 'nul', '1 2', "{'a':1}", '+1', '.5', 'NaN', '\ufeff{}'])('refuses %j as JSON.parse does', (text) => {
  expect(() => JSON.parse(text) as unknown).toThrow();
  expect(readLocated(text)).toMatchObject({ isRead: false, fault: 'syntax' });
});

it('tells what a change brings about, and when a second person is needed', () => {
  const before = getPartner('mx-sre');
  const after = { ...before, sealedPart: { ...before.sealedPart, value: true }, services: { ...before.services, value: ['locate'] } };
  const changes = differences(before, after);
  expect(changes.map(({ path }) => path)).toEqual(['/services/value', '/sealedPart/value']);
  expect(consequencesOf(before, after)).toEqual({ codes: ['sealed_part', 'services'], needsSecondPerson: true });
  expect(consequencesOf(before, { ...before, fees: { ...before.fees, confirmed: true } })).toEqual({ codes: [], needsSecondPerson: false });
  expect(consequencesOf(null, before)).toEqual({ codes: ['new_partner'], needsSecondPerson: true });
  for (const nothing of [null, 7, [], '']) expect(consequencesOf(before, nothing).needsSecondPerson).toBe(true);
});

it.each(['exchangeBasis', 'sealedPart', 'channels', 'paymentOrders', 'remitTo', 'accounts', 'addresses', 'unit', 'counties', 'services', 'documents', 'packet', 'officialForms'])('lets nobody change %s alone', (part) => {
  const before = getPartner('mx-sre');
  expect(consequencesOf(before, { ...before, [part]: { value: 'x', confirmed: true, sources: ['entered'] } })).toMatchObject({ needsSecondPerson: true });
});

it('hides no consequence behind however many differences', () => {
  const before = getPartner('mx-sre');
  const languages = Object.fromEntries(Array.from({ length: 2_200 }, (_, index) => [`l${index}`, 'x']));
  const after = { ...before, names: { ...before.names, value: { ...languages, ...before.names.value } }, channels: { ...before.channels, value: [...before.channels.value, { kind: 'email', address: 'somebody@example.org' }] } };
  expect(differences(before, after)).toHaveLength(2_202);
  expect(consequencesOf(before, after)).toEqual({ codes: ['channels', 'names'], needsSecondPerson: true });
});
