import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../src/platform/errors.ts';
import { LANGUAGES, wordsForCode } from '../../../src/platform/i18n.ts';
import { agreementFiles, agreementFor, agreementOn, listPartners, loadAgreements, mergedVersions, profileGaps, SERVICE_CODES, unconfirmedTerms } from '../../../src/modules/partners/index.ts';
import type { AgreementEnd, AgreementOnDay, AgreementRecord, AgreementVersion } from '../../../src/modules/partners/index.ts';

const MARKS = JSON.parse(readFileSync(new URL('../../../src/modules/partners/sources.json', import.meta.url), 'utf8')) as Record<string, string>;
const fact = <T>(value: T) => ({ value, confirmed: true, sources: ['paper'] });
const names = { en: 'A', 'es-MX': 'A', 'ko-KR': 'A' };

interface Given { id?: string; version?: number; basis?: AgreementRecord['basis']; from?: string; until?: string | null; counties?: string[]; regions?: string[]; services?: AgreementRecord['services']['value']; partners?: string[] }

function recordOf({ id = 'one', version = 1, basis = 'mou', from = '2026-01-01', until = null, counties = ['06037'], regions = ['MX'], services = ['locate', 'enforce'], partners = ['mx-sre'] }: Given = {}): AgreementRecord {
  return {
    recordVersion: '1.0', agreementId: id, version, kind: basis === 'informal' ? 'practice' : basis, basis, titles: fact(names), partners: fact(partners),
    parties: fact([{ side: 'ours' as const, names }, { side: 'theirs' as const, names }]), counties: fact(counties), regions: fact(regions), services: fact(services), validFrom: fact(from), validUntil: fact(until),
  };
}

const versionsOf = (...given: Given[]): AgreementVersion[] => given.map((one) => ({ record: recordOf(one), origin: 'recorded' }));
const on = (day: string, versions: readonly AgreementVersion[], ends: readonly AgreementEnd[] = []): AgreementOnDay => {
  const found = agreementOn(versions, ends, day);
  if (!found) throw new Error('there is an agreement');
  return found;
};
const ask = (given: Given[], more: { services?: string[]; county?: string; regions?: string[]; on?: string; partnerId?: string } = {}, ends: readonly AgreementEnd[] = []) => {
  const day = more.on ?? '2026-06-01';
  const known = [...mergedVersions([], versionsOf(...given), ends).values()].map((versions) => on(day, versions, ends));
  return agreementFor(known, { partnerId: 'mx-sre', county: '06037', services: ['locate'], on: day, ...more });
};
const codes = (answer: { findings: readonly { code: string }[] }): string[] => answer.findings.map(({ code }) => code.replace('agreement.', ''));

describe('an agreement on a day', () => {
  it('begins on its first day and holds to the end of its last', () => {
    const versions = versionsOf({ from: '2026-03-01', until: '2026-09-30' });
    expect(['2026-02-28', '2026-03-01', '2026-07-31', '2026-08-01', '2026-09-30', '2026-10-01'].map((day) => on(day, versions).standing)).toEqual(['not_yet', 'in_force', 'in_force', 'ends_soon', 'ends_soon', 'expired']);
  });

  it('counts by its newest version that has begun; when that is over no older one comes back', () => {
    const versions = versionsOf({ version: 1, from: '2025-01-01' }, { version: 2, from: '2026-04-01', until: '2026-06-30' });
    expect(['2026-03-31', '2026-04-01', '2026-06-30', '2026-07-01'].map((day) => { const { record, standing } = on(day, versions); return `${record.version} ${standing}`; }))
      .toEqual(['1 in_force', '2 in_force', '2 ends_soon', '2 expired']);
  });

  it('lets a correction with the same first day take the place of what it corrects', () => {
    expect(on('2026-06-01', versionsOf({ version: 1 }, { version: 2, counties: ['06025'] })).record.counties.value).toEqual(['06025']);
  });

  it('does not warn of an end where a further version follows without a gap', () => {
    expect(on('2026-06-20', versionsOf({ until: '2026-06-30' }, { version: 2, from: '2026-07-01' })).standing).toBe('in_force');
    expect(on('2026-06-20', versionsOf({ until: '2026-06-30' }, { version: 2, from: '2026-07-02' })).standing).toBe('ends_soon');
  });

  it('is over from the day on which it was ended, and back with a further version', () => {
    const end = (endedFrom: string, version = 1): AgreementEnd => ({ agreementId: 'one', version, endedFrom, reason: 'ended_by_partner' });
    const versions = versionsOf({});
    expect([on('2026-05-31', versions, [end('2026-06-01')]).standing, on('2026-06-01', versions, [end('2026-06-01')])]).toMatchObject(['ends_soon', { standing: 'ended', lastDay: '2026-05-31', endReason: 'ended_by_partner' }]);
    expect(on('2026-06-01', versions, [end('2026-06-01'), end('2026-12-01')]).standing).toBe('in_force');
    expect(on('2026-06-02', versionsOf({}, { version: 2, from: '2026-06-02' }), [end('2026-06-01')]).standing).toBe('in_force');
    // What was said when a later version stood ready ends that one and the former.
    expect(on('2026-06-02', versionsOf({}, { version: 2, from: '2027-01-01' }), [end('2026-06-01', 2)]).standing).toBe('ended');
  });
});

describe('files and what the agency recorded', () => {
  const file = (given: Given): AgreementVersion => ({ record: recordOf(given), origin: 'program' });

  it('are one history; what the agency recorded or ended is not passed by a newer file', () => {
    const merged = (recorded: AgreementVersion[], ends: AgreementEnd[] = []) => (mergedVersions([file({ version: 1 }), file({ version: 3 })], recorded, ends).get('one') ?? []).map(({ record, origin }) => `${record.version} ${origin}`);
    expect(merged([])).toEqual(['1 program', '3 program']);
    expect(merged(versionsOf({ version: 2 }))).toEqual(['1 program', '2 recorded']);
    expect(merged([], [{ agreementId: 'one', version: 1, endedFrom: '2026-01-01', reason: 'ended_by_us' }])).toEqual(['1 program']);
    expect(merged(versionsOf({ version: 3 }))).toEqual(['1 program', '3 recorded']);
  });
});

describe('what allows an exchange', () => {
  it('is one agreement in force that covers partner, county and service', () => {
    expect(ask([{}])).toMatchObject({ isAllowed: true, needsApprover: false, findings: [], agreements: [{ agreementId: 'one', version: 1, basis: 'mou', services: ['locate'], isConfirmed: true, lastDay: null }] });
  });

  it.each([
    ['no agreement at all', [], {}, ['none_in_force']],
    ['only one with another partner', [{ partners: ['kr-kcsa'] }], {}, ['none_in_force']],
    ['another county', [{}], { county: '06025' }, ['county_not_covered']],
    ['another service', [{}], { services: ['locate', 'close'] }, ['service_not_covered']],
    ['no service', [{}], { services: [] }, []],
    ['expired', [{ until: '2026-05-31' }], {}, ['none_in_force', 'expired']],
    ['not yet', [{ from: '2026-06-02' }], {}, ['none_in_force', 'not_yet']],
    ['another region', [{ regions: ['MX-BCN'] }], { regions: ['MX-SON'] }, ['region_not_covered']],
    ['one of two regions', [{ regions: ['MX-BCN'] }], { regions: ['MX-BCN', 'MX-SON'] }, ['region_not_covered']],
    ['nobody knows where the debtor lives', [{ regions: ['MX-BCN'] }], { regions: [] }, ['region_unknown']],
  ] as [string, Given[], Parameters<typeof ask>[1], string[]][])('is nothing where there is %s', (_what, given, more, expected) => {
    const answer = ask(given, more);
    expect([answer.isAllowed, answer.agreements, codes(answer)]).toEqual([false, [], expected]);
    for (const language of LANGUAGES) for (const { code, params } of answer.findings) expect(wordsForCode(language, 'findings', code, params)).not.toMatch(/^agreement\.|\{\{/);
  });

  it('asks for regions only where it covers some, and only where they are judged', () => {
    expect(ask([{ regions: ['MX-BCN'] }], { regions: ['MX-BCN'] }).isAllowed).toBe(true);
    expect(ask([{}], { regions: [] }).isAllowed).toBe(true);
    expect(ask([{ regions: ['MX-BCN'] }]).isAllowed).toBe(true);
  });

  it('is one that covers everything before several, and a formal one before an informal one', () => {
    const both = ask([{ id: 'a', services: ['locate'], basis: 'treaty' }, { id: 'b', services: ['locate', 'close'] }], { services: ['locate', 'close'] });
    expect(both.agreements.map(({ agreementId, services }) => [agreementId, services])).toEqual([['b', ['locate', 'close']]]);
    const parts = ask([{ id: 'a', services: ['locate'], basis: 'treaty' }, { id: 'b', services: ['close'], basis: 'informal' }], { services: ['close', 'locate'] });
    expect([parts.needsApprover, parts.agreements.map(({ agreementId, services }) => [agreementId, services])]).toEqual([true, [['a', ['locate']], ['b', ['close']]]]);
    expect(ask([{ id: 'a', basis: 'informal' }, { id: 'b' }])).toMatchObject({ needsApprover: false, agreements: [{ agreementId: 'b' }] });
  });

  it('warns where it ends within sixty days', () => {
    expect(ask([{ until: '2026-07-31' }]).findings).toEqual([{ code: 'agreement.ends_soon', severity: 'warn', path: '/partner/agreements/one', params: { agreement: 'one', until: '2026-07-31', days: 60 } }]);
    expect(ask([{ until: '2026-08-01' }]).findings).toEqual([]);
  });
});

describe('the agreements that come with the program', () => {
  const records = agreementFiles().map(({ record }) => record);

  it('cover what the profiles of the four partners promise, with the basis that they name', () => {
    expect(listPartners().flatMap((profile) => profileGaps(profile, records))).toEqual([]);
  });

  it('are all to be confirmed, and explain the sources that they cite', () => {
    for (const record of records) expect(unconfirmedTerms(record).length).toBeGreaterThanOrEqual(8);
    expect(JSON.stringify(records)).not.toContain('"confirmed":true');
    const marks = new Set(records.flatMap((record) => [...JSON.stringify(record).matchAll(/"sources":\[([^\]]*)\]/g)].flatMap(([, list]) => JSON.parse(`[${list ?? ''}]`) as string[])));
    expect([...marks].filter((mark) => !(mark in MARKS))).toEqual([]);
  });

  it('let KCSA be asked informally alone, and nobody under the memorandum with DIF', () => {
    const known = records.map((record) => on('2026-11-22', [{ record, origin: 'program' }]));
    expect(agreementFor(known, { partnerId: 'kr-kcsa', county: '06025', services: SERVICE_CODES, on: '2026-11-22' })).toMatchObject({ isAllowed: true, needsApprover: true });
    expect(records.find(({ agreementId }) => agreementId === 'mx-dif-baja-california-2014')?.partners.value).toEqual([]);
  });
});

describe('files of agreements', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'puente-agreements-'));
    mkdirSync(join(dataDir, 'agreements'));
  });
  afterEach(() => {
    loadAgreements(null);
    rmSync(dataDir, { recursive: true });
  });
  const write = (name: string, content: unknown): void => writeFileSync(join(dataDir, 'agreements', name), typeof content === 'string' ? content : JSON.stringify(content));

  it('add an agreement, or take the place of a built-in version', () => {
    write('mine.json', recordOf({ id: 'kr-kcsa-informal', basis: 'informal', partners: ['kr-kcsa'], counties: ['06001'] }));
    write('new.json', recordOf({ id: 'new' }));
    loadAgreements(dataDir);
    expect(agreementFiles().filter(({ origin }) => origin === 'file').map(({ record }) => record.agreementId).sort()).toEqual(['kr-kcsa-informal', 'new']);
    expect(agreementFiles().filter(({ record }) => record.agreementId === 'kr-kcsa-informal')).toHaveLength(1);
  });

  it('are refused with every fault of every file at its place, in the language of whoever reads it; the former stay', () => {
    write('a.json', '{');
    write('b.json', { ...recordOf({ id: 'b' }), counties: fact(['Imperial']), services: fact(['everything']), extra: 1 });
    write('c.json', recordOf({ id: 'c', from: '2026-02-01', until: '2026-01-01', regions: ['MX', 'MX-BCN'] }));
    write('d.json', { ...recordOf({ id: 'd' }), basis: 'treaty', parties: fact([{ side: 'ours', names }]) });
    write('e.json', recordOf({ id: 'c2' }));
    write('f.json', recordOf({ id: 'c2' }));
    write('g.json', { ...recordOf({ id: 'g' }), titles: fact({ ...names, en: 'a\u202eb' }), validFrom: fact('2026-02-30') });
    let error: AppError | null = null;
    try {
      loadAgreements(dataDir);
    } catch (caught) {
      error = caught as AppError;
    }
    expect(error?.code).toBe('agreement.files_invalid');
    expect(error?.findings.map(({ code, path }) => `${code.replace('agreement.', '')} ${path}`).sort()).toEqual([
      'basis_unlike_kind agreements/d.json#/basis', 'ends_before_it_begins agreements/c.json#/validUntil/value', 'file_unreadable agreements/a.json', 'party_missing agreements/d.json#/parties/value',
      'region_within_country agreements/c.json#/regions/value/1', 'schema agreements/b.json#/*', 'schema agreements/b.json#/counties/value/0', 'schema agreements/b.json#/services/value/0',
      'schema agreements/g.json#/titles/value/en', 'schema agreements/g.json#/validFrom/value', 'version_repeated agreements/f.json#/version',
    ]);
    for (const language of LANGUAGES) for (const { code, params } of error?.findings ?? []) expect(wordsForCode(language, 'findings', code, params)).not.toMatch(/^agreement\.|\{\{/);
    expect(agreementFiles().some(({ origin }) => origin === 'file')).toBe(false);
  });
});
