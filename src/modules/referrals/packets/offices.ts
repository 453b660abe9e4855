import { readdirSync, readFileSync } from 'node:fs';
import { hasWords, translator } from '../../../platform/i18n.ts';
import type { PostalAddress } from '../documents/format.rules.ts';

/** The office that asks, and the unit to which money is sent. Data (offices/): a county is added without code. */
export interface Office {
  readonly names: Readonly<Record<string, string>>;
  readonly address: PostalAddress;
  readonly confirmed: boolean;
}

/** A county's own court as each language calls it; orders name it in English. */
interface CourtNames {
  readonly names: Readonly<Record<string, string>>;
  readonly confirmed: boolean;
}

interface OfficeFile {
  readonly payments: Office;
  readonly counties: Readonly<Record<string, Office & { readonly tribunal?: CourtNames }>>;
}

const files = new Map<string, OfficeFile | null>();

function officesOf(agency: string): OfficeFile | null {
  let file = files.get(agency);
  if (file === undefined) {
    try {
      file = JSON.parse(readFileSync(new URL(`offices/${agency}.json`, import.meta.url), 'utf8')) as OfficeFile;
    } catch {
      file = null;
    }
    files.set(agency, file);
  }
  return file;
}

/**
 * The county's office and the unit that takes its money; null where no data about it exist. In a further language they are called
 * as that locale says (`offices:<agency>.<county>`, `offices:<agency>.payments`).
 */
export function findOffice(agency: string, county: string, language: string): { office: Office; payments: Office } | null {
  const file = officesOf(agency);
  const office = file?.counties[county];
  if (!file || !office) return null;
  return { office: named(office, `offices:${agency}.${county}`, language), payments: named(file.payments, `offices:${agency}.payments`, language) };
}

/** The counties that there are data about. */
export const officeCounties = (agency: string): string[] => Object.keys(officesOf(agency)?.counties ?? {}).sort();

/** Who says it to a partner: the county's office, or, where a thing belongs to no county, the first that there are data about. */
export function ourOffice(agency: string, county: string | null, language: string): { county: string; office: Office } {
  const file = officesOf(agency);
  const known = file && (county !== null && file.counties[county] ? county : Object.keys(file.counties).sort()[0]);
  const found = known ? findOffice(agency, known, language) : null;
  // Without data about offices the agency has its id for a name; papers are refused elsewhere (`findOffice`).
  return found && known ? { county: known, office: found.office } : { county: county ?? '00000', office: { names: { en: agency }, address: { country: 'US', lines: [] }, confirmed: false } as unknown as Office };
}

function named(office: Office, key: string, language: string): Office {
  return hasWords(language, key) ? { ...office, names: { ...office.names, [language]: translator(language)(key) } } : office;
}

let courts: ReadonlyMap<string, Readonly<Record<string, string>>> | null = null;

const plain = (name: string): string => name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** An order's court as each language calls it, where it is one of ours; otherwise the name that the order has. Null: there is none to tell. */
export function tribunalNames(tribunal: string | null): Readonly<Record<string, string>> | null {
  if (tribunal === null) return null;
  courts ??= new Map(readdirSync(new URL('offices/', import.meta.url)).filter((file) => file.endsWith('.json'))
    .flatMap((file) => Object.values(officesOf(file.slice(0, -'.json'.length))?.counties ?? {}))
    .flatMap((office) => (office.tribunal ? [[plain(office.tribunal.names['en'] ?? ''), office.tribunal.names] as const] : [])));
  return { ...courts.get(plain(tribunal)), en: tribunal };
}
