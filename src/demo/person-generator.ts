import { addDays } from '../platform/dates.ts';
import { clabeCheckDigit, curpCheckDigit, curpLetters, residentCheckDigits, rfcCheckDigit } from '../modules/cases/index.ts';
import type { Account, Identifier, Participant, PersonName, Residence, Role, Sex, Source } from '../modules/cases/index.ts';
import { CLABE_BANKS, COUNTY_PLACES, EMPLOYERS, KOREAN_BANKS, KOREAN_FAMILY, KOREAN_GIVEN, KOREAN_PLACES, MEXICAN_FAMILY, MEXICAN_GIVEN, MEXICAN_PLACES, MEXICAN_STREETS, US_FAMILY, US_GIVEN } from './case-names.ts';
import type { Random } from './random.ts';

export type Origin = 'MX' | 'KR' | 'US';
export interface PersonPlan { participantId: string; role: Role; origin: Origin; lives: Origin; county: keyof typeof COUNTY_PLACES }

const SOURCES: readonly Source[] = ['party', 'party', 'party', 'party', 'court', 'dmv', 'employer', 'partner', 'fpls', 'irs'];

export function makePerson(random: Random, plan: PersonPlan): Participant {
  const sex: Sex = (plan.role === 'obligor' || plan.role === 'alleged_parent') === random.chance(0.86) ? 'M' : 'F';
  const name = makeName(random, plan.origin, sex);
  const birthDate = addDays('1966-01-03', random.integer(0, 7_600));
  const person: Participant = { participantId: plan.participantId, role: plan.role, name, sex, birthDate, nationalities: [plan.origin], residence: makeResidence(random, plan) };
  person.identifiers = makeIdentifiers(random, person, plan.origin);
  if (plan.lives === 'US') person.identifiers.push({ type: 'SSN', value: neverIssued(random), country: 'US', source: random.pick(SOURCES) });
  if (random.chance(0.5)) person.phones = [makePhone(random, plan.lives)];
  if (random.chance(0.2)) person.emails = [`person${random.integer(10_000, 99_999)}@example.org`];
  if (random.chance(0.4) && plan.role !== 'caretaker') person.employer = { name: random.pick(EMPLOYERS), source: random.pick(SOURCES) };
  const account = random.chance(0.35) ? makeAccount(random, plan.lives) : null;
  if (account) person.accounts = [account];
  return person;
}

export interface ChildPlan { participantId: string; father: Participant; mother: Participant; before: string; origin: Origin }

/** A child of both: born before the case was opened, named as the other country names children. */
export function makeChild(random: Random, { participantId, father, mother, before, origin }: ChildPlan): Participant {
  const sex: Sex = random.chance(0.5) ? 'F' : 'M';
  const own = makeName(random, origin, sex);
  const name: PersonName = { ...own, family: father.name.family };
  if (own.native !== undefined) name.native = father.name.native ? `${father.name.native[0]}${own.native.slice(1)}` : own.native;
  if (own.native !== undefined && !father.name.native) delete name.native;
  if (origin === 'MX') name.secondFamily = mother.name.family;
  else delete name.secondFamily;
  const birthDate = addDays(before, -random.integer(60, 3_000));
  const child: Participant = { participantId, role: 'dependent', name, sex, birthDate, nationalities: [origin] };
  const identifiers = random.chance(0.6) ? makeIdentifiers(random, child, origin).filter(({ type }) => type === 'CURP' || type === 'RRN') : [];
  if (identifiers.length > 0) child.identifiers = identifiers;
  return child;
}

function makeName(random: Random, origin: Origin, sex: 'F' | 'M'): PersonName {
  if (origin === 'US') return { given: random.pick(US_GIVEN[sex]), family: random.pick(US_FAMILY) };
  if (origin === 'MX') {
    const name: PersonName = { given: random.pick(MEXICAN_GIVEN[sex]), family: random.pick(MEXICAN_FAMILY) };
    if (random.chance(0.97)) name.secondFamily = random.pick(MEXICAN_FAMILY);
    return name;
  }
  const [familyHangul, family] = random.pick<readonly [string, string]>(KOREAN_FAMILY);
  const [givenHangul, given] = random.pick<readonly [string, string]>(KOREAN_GIVEN[sex]);
  const name: PersonName = { given, family };
  if (random.chance(0.85)) name.native = `${familyHangul}${givenHangul}`;
  return name;
}

function makeResidence(random: Random, { lives, county }: PersonPlan): Residence {
  const source = random.pick(SOURCES);
  if (lives === 'MX') {
    const place = random.pick(MEXICAN_PLACES);
    return { country: 'MX', lines: [`${random.pick(MEXICAN_STREETS)} ${random.integer(12, 980)}`], neighborhood: random.pick<string>(place.neighborhoods), locality: place.city, region: place.state, postalCode: `${place.postal}${random.integer(10, 99)}`, source };
  }
  if (lives === 'KR') {
    const place = random.pick(KOREAN_PLACES);
    return { country: 'KR', lines: [`${random.integer(101, 115)}-dong ${random.integer(101, 2204)}-ho, ${random.integer(3, 380)}, ${place.street}`], locality: place.city, region: place.region, postalCode: `${place.postal}${random.integer(10, 99)}`, source };
  }
  const { cities, streets } = COUNTY_PLACES[county];
  const [locality, postalCode] = random.pick<readonly [string, string]>(cities);
  return { country: 'US', lines: [`${random.integer(100, 9_999)} ${random.pick<string>(streets)}`], locality, region: 'CA', postalCode, verifiedOn: addDays('2025-01-05', random.integer(0, 500)), source };
}

function makePhone(random: Random, lives: Origin): string {
  const last = String(random.integer(0, 99)).padStart(2, '0');
  if (lives === 'MX') return `+52 686 555 01${last}`;
  return lives === 'KR' ? `+82 2-555-01${last}` : `+1 213-555-01${last}`;
}

function makeAccount(random: Random, lives: Origin): Account | null {
  const digits = (count: number): string => Array.from({ length: count }, () => random.integer(0, 9)).join('');
  if (lives === 'MX') {
    const stem = `${random.pick(CLABE_BANKS)}${digits(14)}`;
    return { kind: 'CLABE', value: `${stem}${clabeCheckDigit(stem)}` };
  }
  return lives === 'KR' ? { kind: 'KR_BANK', value: digits(random.integer(12, 14)), bankCode: random.pick(KOREAN_BANKS) } : null;
}

function makeIdentifiers(random: Random, person: Participant, origin: Origin): Identifier[] {
  const source = (): Source => random.pick(SOURCES);
  if (origin === 'MX') {
    const curp = makeCurp(random, person);
    const identifiers: Identifier[] = [{ type: 'CURP', value: curp, country: 'MX', source: source() }];
    if (random.chance(0.3)) {
      const stem = `${curp.slice(0, 10)}${random.pick(['A1', '7B', 'K3', '2Z', 'R9'])}`;
      identifiers.push({ type: 'RFC', value: `${stem}${rfcCheckDigit(`${stem}0`)}`, country: 'MX', source: source() });
    }
    return identifiers;
  }
  return origin === 'KR' ? [{ type: 'RRN', value: makeResidentNumber(random, person), country: 'KR', source: source() }] : [];
}

function makeCurp(random: Random, { name, sex, birthDate = '' }: Participant): string {
  const { initials, consonants } = curpLetters(name);
  const place = birthDate < '2000' ? String(random.integer(0, 9)) : random.pick(['A', 'B', 'C', 'D']);
  const stem = `${initials}${birthDate.replaceAll('-', '').slice(2)}${sex === 'M' ? 'H' : 'M'}${random.pick(MEXICAN_PLACES).entity}${consonants}${place}`;
  return `${stem}${curpCheckDigit(stem)}`;
}

function makeResidentNumber(random: Random, { sex, birthDate = '' }: Participant): string {
  const century = birthDate < '2000' ? { M: '1', F: '2', X: '1' } : { M: '3', F: '4', X: '3' };
  const stem = `${birthDate.replaceAll('-', '').slice(2)}${century[sex ?? 'F']}${String(random.integer(0, 99_999)).padStart(5, '0')}`;
  return `${stem.slice(0, 6)}-${stem.slice(6)}${residentCheckDigits(`${stem}0`)[0] as string}`;
}

/** Social security numbers that begin with 9 are never issued; 919 is no range of taxpayer numbers either. */
function neverIssued(random: Random): string {
  return `919-${String(random.integer(1, 49)).padStart(2, '0')}-${String(random.integer(1, 9_999)).padStart(4, '0')}`;
}
