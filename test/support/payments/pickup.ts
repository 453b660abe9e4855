import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from '../database.ts';
import { LA, REMITTANCE } from '../reconciliation/scene.ts';

/** Settings of a pick-up folder, and the folder itself. */
export function pickupFolder(db: TestDatabase, pickupId: string, more: Record<string, unknown> = {}): string {
  const settings = { pickupVersion: '1.0', pickupId, confirmed: true, takes: 'payments', partnerId: LA, folder: pickupId, ...more };
  const place = join(db.dataDir, 'pickup', pickupId);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(db.dataDir, 'pickup', `${pickupId}.json`), JSON.stringify(settings));
  return place;
}

export const remittance = (folio: string, usd = '50.00', transfer = 'TRX0001', caseId = '2000004103714'): string =>
  `${folio},${caseId},JUAN PEREZ RUIZ,MARIA LOPEZ SOTO,${usd},USD,1.0000,0.00,${usd},10/03/2026,12/03/2026,${transfer},`;

export const listOf = (...lines: string[]): string => `${[REMITTANCE, ...lines].join('\n')}\n`;

/** What lies in a folder, without the ids under which it was taken. */
export function lyingIn(place: string, folder = ''): string[] {
  try {
    return readdirSync(join(place, folder)).map((name) => name.replace(/^pck_[0-9A-Z]{26}\./, '')).sort();
  } catch {
    return [];
  }
}
