import { readFileSync } from 'node:fs';
import { hasWords, translator } from '../../../platform/i18n.ts';
import type { PostalAddress } from '../documents/format.rules.ts';

/** The office that asks, and the unit to which money is sent. Data (offices/): a county is added without code. */
export interface Office {
  readonly names: Readonly<Record<string, string>>;
  readonly address: PostalAddress;
  readonly confirmed: boolean;
}

interface OfficeFile {
  readonly payments: Office;
  readonly counties: Readonly<Record<string, Office>>;
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

function named(office: Office, key: string, language: string): Office {
  return hasWords(language, key) ? { ...office, names: { ...office.names, [language]: translator(language)(key) } } : office;
}
