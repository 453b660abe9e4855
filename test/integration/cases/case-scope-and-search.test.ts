import { findCasesByIdentifier, getCase, importCaseExtract, learnPartnerNumber, listCases, viewCase } from '../../../src/modules/cases/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { aCase, aChild, anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let operator: Ctx;
const korean = anObligee({ name: { given: 'Misuk', family: 'Hwang', native: '황미숙' }, identifiers: [{ type: 'RRN', value: '720529-2766936', country: 'KR', source: 'party' }], accounts: [] });
beforeAll(async () => {
  db = await testDatabase();
  operator = testCtx(db, { kind: 'system', id: 'operator' });
  await importCaseExtract(operator, { fileName: 'a', source: extractOf([
    aCase({ caseId: 'LA-1' }), aCase({ caseId: 'LA-2', participants: [anObligor({ identifiers: [] }), korean, aChild()] }),
    aCase({ caseId: 'IM-1', county: '06025', participants: [anObligor({ name: { given: 'Raúl', family: 'Ochoa' } }), anObligee({ nondisclosure: { basis: 'affidavit', on: '2024-01-01' } }), aChild()], partnerCaseNumbers: [{ partner: 'mx-consulate-calexico', value: 'PA-17/2024' }] }),
  ]) });
});

const ids = async (ctx: Ctx, search: string) => (await listCases(ctx, { search })).items.map(({ caseId }) => caseId);

describe('who sees which cases', () => {
  it('shows a county its own cases and no others', async () => {
    const imperial = testCtx(db, { roles: ['attorney'], counties: ['06025'] });
    expect((await listCases(imperial)).items.map(({ caseId }) => caseId)).toEqual(['IM-1']);
    await expect(getCase(imperial, 'LA-1')).rejects.toMatchObject({ kind: 'not_found', code: 'cases.not_found' });
    expect(await ids(imperial, '919-07-3588')).toEqual(['IM-1']);
    expect(await ids(imperial, '720529-2766936')).toEqual([]);
  });

  it('shows another agency and a partner’s officer nothing, also where the code would let them', async () => {
    expect((await listCases(testCtx(db, { agency: 'us-nv', roles: ['attorney'] }))).items).toEqual([]);
    expect((await listCases(testCtx(db, { partner: 'mx-consulate-calexico', roles: ['attorney'] }))).items).toEqual([]);
    await expect(listCases(testCtx(db, { roles: ['partner_officer'] }))).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('does not let a county take over another county’s case number', async () => {
    const imperial = testCtx(db, { kind: 'system', counties: ['06025'] });
    const summary = await importCaseExtract(imperial, { fileName: 'b', source: extractOf([aCase({ caseId: 'LA-1', county: '06025' }), aCase({ caseId: 'LA-9', county: '06037' }), aCase({ caseId: 'IM-9', county: '06025' })]) });
    expect(summary).toMatchObject({ lines: 3, imported: 1, rejected: 2 });
    expect(summary.findings.filter(({ severity }) => severity === 'block').map(({ line, code }) => [line, code])).toEqual([[1, 'cases.case_of_another_county'], [2, 'cases.county_not_yours']]);
    expect((await getCase(operator, 'LA-1')).county).toBe('06037');
  });

  it('writes down which user saw a case, and not that a job did', async () => {
    await getCase(operator, 'LA-2');
    await viewCase(testCtx(db, { id: 'usr_seen', roles: ['attorney'] }), 'LA-2');
    const seen = await behindTheWall(db, "select actor_id, subject_id, county from audit_events where action = 'case.viewed' and subject_id = 'LA-2'");
    expect(seen).toEqual([{ actor_id: 'usr_seen', subject_id: 'LA-2', county: '06037' }]);
  });

  it('masks identifiers and accounts on a page', async () => {
    const { supportCase } = await viewCase(operator, 'LA-1');
    expect(supportCase.participants[0]?.identifiers?.[0]?.value).toBe('***-**-3588');
    expect(supportCase.participants[1]?.accounts?.[0]?.value).toBe(`${'*'.repeat(14)}9719`);
    expect((await viewCase(operator, 'LA-2')).supportCase.participants[1]?.identifiers?.[0]?.value).toBe('720529-*******');
  });
});

describe('looking a case up', () => {
  it.each([
    ['by its number', 'la-1', ['LA-1']], ['by a partner’s number', 'PA-17/2024', ['IM-1']], ['by an identifier without hyphens', '7205292766936', ['LA-2']],
    ['by a CURP in lower case', 'lerr830218mjcnms34', ['IM-1', 'LA-1']], ['by a name without accents', 'genaro mondragon juarez', ['LA-1', 'LA-2']],
    ['by surname first', 'Ochoa Raúl', ['IM-1']], ['by one word', 'ochoa', ['IM-1']], ['by Hangul', '황미숙', ['LA-2']], ['by another romanisation', 'Hwang Mi-Sook', ['LA-2']],
    ['by what is no name at all', '%_', []], ['by nobody’s number', '000-00-0000', []],
  ])('finds it %s', async (_, search, expected) => expect((await ids(operator, search)).filter((id) => id !== 'IM-9')).toEqual(expect.arrayContaining(expected)));

  it('finds nothing where nothing fits', async () => {
    expect(await ids(operator, '%_')).toEqual([]);
    expect(await ids(operator, '000-00-0000')).toEqual([]);
    expect(await ids(operator, "'; drop table support_cases; --")).toEqual([]);
  });

  it('finds every case of an identifier', async () => {
    expect(await findCasesByIdentifier(operator, 'CURP', 'LERR 830218 MJCNMS34')).toEqual(expect.arrayContaining(['IM-1', 'LA-1']));
    expect(await findCasesByIdentifier(operator, 'RFC', 'LERR830218MJCNMS34')).toEqual([]);
  });

  it('turns pages by case number', async () => {
    const first = await listCases(operator, { pageSize: 2 });
    const second = await listCases(operator, { pageSize: 2, after: first.next ?? '' });
    expect([...first.items, ...second.items].map(({ caseId }) => caseId)).toEqual(['IM-1', 'IM-9', 'LA-1', 'LA-2']);
    expect(second.next).toBeNull();
  });

  it('lists who is in a case and whether protected, and no address or identifier', async () => {
    const [item] = (await listCases(operator, { search: 'IM-1' })).items;
    expect(item?.participants.map(({ role, name, isProtected }) => [role, name, isProtected])).toEqual([['obligor', 'Raúl Ochoa', false], ['obligee', 'Rosa María León Romero', true], ['dependent', 'Ana Laura Mondragón León', true]]);
    expect(JSON.stringify(item)).not.toMatch(/919-07|LERR83|Heber|Guerrero/);
  });

  it('learns a partner’s number once, and keeps it when the case is imported anew', async () => {
    const learned = { caseId: 'LA-1', partnerId: 'mx-consulate-los-angeles', value: 'LA/99-7' };
    expect([await learnPartnerNumber(operator, learned), await learnPartnerNumber(operator, learned)]).toEqual([true, false]);
    await importCaseExtract(operator, { fileName: 'c', source: extractOf([aCase({ caseId: 'LA-1', assistance: 'former' })]) });
    expect((await getCase(operator, 'LA-1')).partnerCaseNumbers).toEqual([{ partner: 'mx-consulate-los-angeles', value: 'LA/99-7' }]);
    expect(await ids(operator, 'LA/99-7')).toEqual(['LA-1']);
    await expect(learnPartnerNumber(operator, { ...learned, value: ' ' })).rejects.toMatchObject({ code: 'cases.partner_number_invalid' });
  });
});
