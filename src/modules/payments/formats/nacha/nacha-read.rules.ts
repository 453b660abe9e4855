import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import type { Finding } from '../../../../platform/errors.ts';
import type { AchEntry } from './nacha-entry.rules.ts';
import { isIatClass, layoutClass } from './nacha-entry.rules.ts';
import { BATCH_HEADER, FILE_HEADER, IAT_HEADER, cut } from './nacha-layout.rules.ts';
import { NachaRecords } from './nacha-records.rules.ts';
import type { AchBatch, AchFile } from './nacha-write.rules.ts';

/**
 * Reads the ACH files of a text as what `writeNacha` writes.
 *
 * @throws AppError `bank.format_unknown`.
 */
export function parseNacha(text: string): { files: AchFile[]; findings: Finding[] } {
  const files: AchFile[] = [];
  let batches: AchBatch[] = [];
  let entries: AchEntry[] = [];
  const records = new NachaRecords({
    fileHeader: (record) => files.push(fileOf(record, (batches = []))),
    batchHeader: (record) => batches.push(batchOf(record, (entries = []))),
    entry: (entry) => entries.push(entry),
  });
  for (const line of text.split(/\r?\n/)) records.line(line);
  records.end();
  return { files, findings: records.findings };
}

function fileOf(record: string, batches: AchBatch[]): AchFile {
  return {
    destination: cut(record, FILE_HEADER.destination), origin: cut(record, FILE_HEADER.origin), created: dateOf(cut(record, FILE_HEADER.created)), time: cut(record, FILE_HEADER.time),
    modifier: cut(record, FILE_HEADER.modifier), destinationName: cut(record, FILE_HEADER.destinationName), originName: cut(record, FILE_HEADER.originName),
    reference: cut(record, FILE_HEADER.reference), batches,
  };
}

function batchOf(record: string, entries: AchEntry[]): AchBatch {
  const of = (field: keyof typeof BATCH_HEADER): string => cut(record, BATCH_HEADER[field]);
  const isIat = isIatClass(layoutClass(of('entryClass'), of('companyName')));
  return {
    entryClass: of('entryClass'), companyName: isIat ? '' : of('companyName'), discretionary: isIat ? '' : of('discretionary'), companyId: of('companyId'), description: of('description'),
    descriptiveDate: isIat ? '' : of('descriptiveDate'), effectiveDate: dateOf(of('effectiveDate')), settlement: of('settlement'), originatorStatus: of('originatorStatus'),
    odfi: of('odfi'), number: Number(of('number')), iat: isIat ? iatOf(record) : null, entries,
  };
}

function iatOf(record: string): NonNullable<AchBatch['iat']> {
  const of = (field: keyof typeof IAT_HEADER): string => cut(record, IAT_HEADER[field]);
  return {
    indicator: of('indicator'), exchangeIndicator: of('exchangeIndicator'), referenceIndicator: of('referenceIndicator'), exchangeReference: of('exchangeReference'),
    destinationCountry: of('destinationCountry'), originatingCurrency: of('originatingCurrency'), destinationCurrency: of('destinationCurrency'),
  };
}

/** Empty where the file gives none, as some senders do. */
function dateOf(text: string): CalendarDate {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  return (parts ? calendarDateOf(2000 + Number(parts[1]), Number(parts[2]), Number(parts[3])) : null) ?? '';
}
