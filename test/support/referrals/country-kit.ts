import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgreements, loadPartners } from '../../../src/modules/partners/index.ts';
import { loadCountryData } from '../../../src/modules/referrals/load-country-data.ts';
import { loadLocales } from '../../../src/platform/i18n.ts';

/** A partner country as an operator brings it: files only (test/partners/pt-dgaj). */
export const KIT = join(import.meta.dirname, '../../partners/pt-dgaj');

/** Puts the files of the country into a data directory. */
export function copyKit(dataDir: string): void {
  cpSync(KIT, dataDir, { recursive: true });
}

/** What the program reads when it starts; `null` brings the built-in state back, since the registries are the process's own. */
export function loadEverything(dataDir: string | null): void {
  loadLocales(dataDir);
  loadPartners(dataDir);
  loadAgreements(dataDir);
  loadCountryData(dataDir);
}
