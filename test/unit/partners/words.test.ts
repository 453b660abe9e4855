import { readFileSync } from 'node:fs';
import { LANGUAGES } from '../../../src/platform/config.ts';
import { findTerm } from '../../../src/platform/glossary.ts';
import { hasWords } from '../../../src/platform/i18n.ts';
import { listPartners, unconfirmedFacts } from '../../../src/modules/partners/index.ts';
import type { PartnerProfile } from '../../../src/modules/partners/index.ts';

const SCHEMA = JSON.parse(readFileSync(new URL('../../../schemas/json/partner-profile.v1.json', import.meta.url), 'utf8')) as { properties: Record<string, unknown>; $defs: { service: { enum: string[] } } };

function keysOf(profile: PartnerProfile): string[] {
  return [
    `kind.${profile.kind}`, `basis.${profile.exchangeBasis.value.basis}`, `charges.${profile.fees.value.charges}`, `remit_to.${profile.remitTo.value}`,
    ...profile.services.value.map((service) => `service.${service}`),
    ...profile.channels.value.map(({ kind }) => `channel.${kind}`),
    ...profile.legalBasis.value.map((code) => `legal_basis.${code.replaceAll('.', '_')}`),
    ...profile.documents.flatMap(({ value }) => [`document.${value.code}`, `form.${value.form}`, ...(value.when ? [`when.${value.when}`] : [])]),
    ...unconfirmedFacts(profile).flatMap(({ note }) => (note === null ? [] : [`note.${note}`])),
  ];
}

describe.each(LANGUAGES)('partner words in %s', (language) => {
  it.each(listPartners().map((profile) => [profile.partnerId, profile] as const))('%s can be shown whole', (_id, profile) => {
    expect(keysOf(profile).filter((key) => !hasWords(language, `partners:${key}`))).toEqual([]);
  });

  it('name every member of a profile and every service', () => {
    const shown = Object.keys(SCHEMA.properties).filter((key) => !['profileVersion', 'partnerId', 'validFrom', 'validUntil', 'kind', 'country'].includes(key));
    const keys = [...shown.map((key) => `field.${key}`), ...SCHEMA.$defs.service.enum.map((code) => `service.${code}`)];
    expect(keys.filter((key) => !hasWords(language, `partners:${key}`))).toEqual([]);
  });
});

it('a glossary row that a profile cites exists', () => {
  const marks: string[] = [];
  JSON.stringify(listPartners(), (key, value: unknown) => {
    if (key === 'sources') marks.push(...(value as string[]).filter((mark) => mark.startsWith('glossary:')));
    return value;
  });
  expect([...new Set(marks)].filter((mark) => !findTerm(mark.slice('glossary:'.length)))).toEqual([]);
});
