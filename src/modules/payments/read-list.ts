import { hash } from 'node:crypto';
import { AppError } from '../../platform/errors.ts';
import type { PartnerProfile } from '../partners/index.ts';
import { readPartnerTable } from './formats/tables/partner-table.rules.ts';
import type { PartnerTable } from './formats/tables/partner-table.rules.ts';
import type { SavedMapping } from './mappings/mapping.store.ts';
import type { KeptTable } from './read-table.ts';

/** 128 bits tell any number of lines apart. */
const DIGEST_CHARS = 32;

/** Of a partner, what its lists are read by. */
export type ListWriter = Pick<PartnerProfile, 'partnerId' | 'files' | 'caseNumbers'>;

export function layoutOf({ files, caseNumbers }: ListWriter, disbursementIds: readonly string[], mappings: readonly Pick<SavedMapping, 'kind' | 'mapping'>[]) {
  return {
    forwarding: files.forwarding?.value ?? null, remittance: files.remittance?.value ?? null, caseNumbers: caseNumbers.value.forms, disbursementIds,
    mappings: Object.fromEntries(mappings.map(({ kind, mapping }) => [kind, mapping])),
  };
}

/** Reads a list by everything that is known of how this partner writes lists. @throws AppError as `importPayments`. */
export function readTable(kept: KeptTable, partner: ListWriter, disbursementIds: readonly string[], mappings: readonly Pick<SavedMapping, 'kind' | 'version' | 'mapping'>[]): PartnerTable {
  if (!partner.files.forwarding && !partner.files.remittance) throw new AppError('invalid', 'partner.no_such_file', { params: { partner: partner.partnerId } });
  const table = readPartnerTable(kept.source, layoutOf(partner, disbursementIds, mappings), (content) => hash('sha256', content, 'hex').slice(0, DIGEST_CHARS));
  if (table.lines.length === 0) table.findings.push({ code: 'payments.no_lines', severity: 'warn' });
  const used = table.dialect.isMapped ? mappings.find(({ kind }) => kind === table.kind) : undefined;
  if (used) table.findings.push({ code: 'payments.mapping_used', severity: 'info', params: { version: used.version } });
  if (kept.isLossy) table.findings.push({ code: 'payments.text_damaged', severity: 'warn', params: { encoding: kept.encoding } });
  if (kept.misreadFrom !== null) table.findings.push({ code: 'payments.text_misread', severity: 'info', params: { encoding: kept.misreadFrom } });
  return table;
}
