import { generateCases } from '../../../src/demo/case-generator.ts';
import { readCaseLine } from '../../../src/modules/cases/read-case-line.ts';

describe('the invented caseload', () => {
  const cases = [...generateCases({ seed: 42, count: 400 })];

  it('is the same for the same seed and another for another', () => {
    expect([...generateCases({ seed: 42, count: 400 })]).toEqual(cases);
    expect([...generateCases({ seed: 43, count: 5 })]).not.toEqual(cases.slice(0, 5));
  });

  it('has nothing wrong in it but social security numbers that were never issued', () => {
    const codes = new Set(cases.flatMap((supportCase) => readCaseLine(JSON.stringify(supportCase)).findings.map(({ code }) => code)));
    expect([...codes]).toEqual(['cases.ssn_never_issued']);
    expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(400);
  });

  it('holds no number that could be anybody’s', () => {
    const people = cases.flatMap(({ participants }) => participants);
    for (const { value } of people.flatMap(({ identifiers }) => identifiers ?? []).filter(({ type }) => type === 'SSN')) expect(value).toMatch(/^919-[0-4]\d-\d{4}$/);
    for (const phone of people.flatMap(({ phones }) => phones ?? [])) expect(phone).toMatch(/555[- ]01\d\d$/);
    for (const email of people.flatMap(({ emails }) => emails ?? [])) expect(email).toMatch(/@example\.org$/);
  });

  it('touches Mexico, Korea and California alone, has protected people, closed cases and cases without an order', () => {
    const text = JSON.stringify(cases);
    for (const part of ['"country":"MX"', '"country":"KR"', '"native":"', '"nondisclosure"', '"status":"closed"', '"orders":[]', '"history"', '"partnerCaseNumbers"', '"06025"', '"06037"']) expect(text).toContain(part);
  });
});
