import fc from 'fast-check';
import { holdsIdentifier, identifierFindings, normaliseIdentifier, residentCheckDigits, residentNumberFaults } from '../../../src/modules/cases/identifier.rules.ts';
import { clabeCheckDigit, clabeFaults, curpFaults, curpLetters, isVoterKeyForm, rfcFaults } from '../../../src/modules/cases/mexican-identifier.rules.ts';

const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

describe('CURP', () => {
  it.each(['BOXW310820HNERXN09', 'HEGG560427MVZRRL04'])('accepts %s', (curp) => expect(curpFaults(curp)).toEqual([]));

  it.each([
    ['BOXW310820HNERXN08', ['check_digit']], ['BOXW310820HNERXN0', ['structure']], ['BOXW310820HCDRXN07', ['entity']], ['BOXW311320HNERXN06', ['date']],
  ])('finds what is wrong with %s', (curp, faults) => expect(curpFaults(curp)).toEqual(expect.arrayContaining(faults)));

  it('compares birth date, century and sex with the person', () => {
    const person = { given: 'Gloria', family: 'Hernández', secondFamily: 'García' };
    expect(curpFaults('HEGG560427MVZRRL04', { ...person, birthDate: '1956-04-27', sex: 'F' })).toEqual([]);
    expect(curpFaults('HEGG560427MVZRRL04', { ...person, birthDate: '1956-04-28', sex: 'F' })).toEqual(['birth_date']);
    expect(curpFaults('HEGG560427MVZRRL04', { ...person, birthDate: '2056-04-27', sex: 'F' })).toEqual(['century']);
    expect(curpFaults('HEGG560427MVZRRL04', { ...person, birthDate: '1956-04-27', sex: 'M' })).toEqual(['sex']);
    expect(curpFaults('HEGG560427MVZRRL04', { ...person, given: 'Elena' })).toEqual(['name']);
  });

  it.each([
    [{ given: 'María Fernanda', family: 'Núñez', secondFamily: 'Ibáñez' }, 'NUIF', 'XBR'],
    [{ given: 'José', family: 'de la Cruz' }, 'CUXJ', 'RXS'],
    [{ given: 'Ma. del Carmen', family: 'Ñonez', secondFamily: 'de los Santos' }, 'XOSC', 'NNR'],
    [{ given: 'Pedro', family: 'Puga', secondFamily: 'Tovar' }, 'PUTP', 'GVD'],
    [{ given: 'Oscar', family: 'Puga', secondFamily: 'Tovar' }, 'PXTO', 'GVS'],
    [{ given: 'Ana', family: "O'Brien", secondFamily: 'Ruiz' }, 'OIRA', 'BZN'],
  ])('derives the letters of %o', (person, initials, consonants) => expect(curpLetters(person)).toEqual({ initials, consonants }));
});

describe('RFC, CLABE, clave de elector', () => {
  it.each(['GODE561231GR8', 'MAB9307148T4'])('accepts the RFC %s', (rfc) => expect(rfcFaults(rfc)).toEqual([]));
  it('tells a wrong RFC', () => {
    expect(rfcFaults('GODE561231GR7')).toEqual(['check_digit']);
    expect(rfcFaults('GODE561331GR8')).toContain('date');
    expect(rfcFaults('GODE56')).toEqual(['structure']);
  });

  it.each(['032180000118359719', '002010077777777771'])('accepts the CLABE %s', (clabe) => expect(clabeFaults(clabe)).toEqual([]));
  it('finds any single wrong digit of a CLABE', () => {
    fc.assert(fc.property(digits(17), fc.integer({ min: 0, max: 17 }), fc.integer({ min: 1, max: 9 }), (stem, at, by) => {
      const clabe = stem + clabeCheckDigit(stem);
      const wrong = clabe.slice(0, at) + String((Number(clabe[at]) + by) % 10) + clabe.slice(at + 1);
      return clabeFaults(clabe).length === 0 && clabeFaults(wrong).length === 1;
    }));
  });
  it('looks only at the form of a voter key', () => {
    expect(isVoterKeyForm('GMVLMR80070501M100')).toBe(true);
    expect(isVoterKeyForm('GMVLMR80070533M100')).toBe(false);
  });
});

describe('Korean numbers', () => {
  const withCheck = (stem: string) => stem + String(residentCheckDigits(`${stem}0`)[0]);
  it('checks numbers given before 5 October 2020', () => {
    const number = withCheck('930428126412');
    expect(residentNumberFaults(number, '1993-04-28')).toEqual([]);
    expect(residentNumberFaults(number.slice(0, 12) + String((Number(number[12]) + 1) % 10))).toEqual(['check_digit']);
  });
  it('asks no check digit of those born since, whose digits are random', () => {
    expect(residentNumberFaults('201005-4123456')).toEqual([]);
    expect(residentNumberFaults('201005-4123457')).toEqual([]);
    expect(residentNumberFaults('201004-3000000')).toEqual(residentCheckDigits('2010043000000').includes('0') ? [] : ['check_digit']);
  });
  it('accepts both readings of a foreigner’s check digit', () => {
    for (const last of residentCheckDigits('8001015123450')) expect(residentNumberFaults(`800101512345${last}`)).toEqual([]);
  });
  it('tells a number of another birth date', () => expect(residentNumberFaults(withCheck('930428126412'), '1993-04-29')).toEqual(['birth_date']));
});

describe('findings', () => {
  const person = (identifiers: { type: string; value: string }[], accounts: { kind: string; value: string }[] = []) =>
    identifierFindings({ name: { given: 'A', family: 'B' }, identifiers, accounts }, '/participants/0').map(({ code, severity, path }) => `${severity} ${code} ${path}`);

  it('grades them: a wrong CLABE blocks the account, all others warn at most', () => {
    expect(person([{ type: 'RFC', value: 'GODE561231GR7' }, { type: 'SSN', value: '000-12-3456' }, { type: 'SSN', value: '919-12-3456' }], [{ kind: 'CLABE', value: '032180000118359710' }])).toEqual([
      'warn cases.rfc_check_digit /participants/0/identifiers/0/value', 'warn cases.ssn_impossible /participants/0/identifiers/1/value',
      'info cases.ssn_never_issued /participants/0/identifiers/2/value', 'block cases.clabe_check_digit /participants/0/accounts/0/value',
    ]);
  });
  it('never repeats a digit of what it judges', () => {
    fc.assert(fc.property(fc.constantFrom('SSN', 'ITIN', 'CURP', 'RFC', 'INE', 'RRN', 'ARN', 'passport'), digits(8), (type, value) =>
      !JSON.stringify(identifierFindings({ name: { given: 'A', family: 'B' }, identifiers: [{ type, value: `${value}é` }] }, '')).includes(value)));
  });
  it('reads hyphens, blanks and full-width digits as the same number', () => {
    expect(normaliseIdentifier('919-12-3456')).toBe(normaliseIdentifier('９１９ 12 3456'));
    expect(normaliseIdentifier('golr900101hdfñxx01')).toBe('GOLR900101HDFÑXX01');
  });
});

describe('an identifier within a longer text', () => {
  it.each(['Kim 900101-1234567', 'SSN 123-45-6789', 'ssn:123456789', 'SSN123456789', '１２３-45-6789 Ana', 'CURP HEGG560427MVZRRL04', '김민수900101-1234567', 'RFC GODE561231GR8', 'cuenta 032180000118359719'])('is found in %s', (text) => {
    expect(holdsIdentifier(text)).toBe(true);
  });
  it.each(['Kim Min-soo', '213-555-1234', 'BD 123456', '19FL123456', 'IM-0001234', 'C-12345-6789', 'MX-LAX 2026/000123', '03-2026-123456'])('is none of %s', (text) => {
    expect(holdsIdentifier(text)).toBe(false);
  });
});
