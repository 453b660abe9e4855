import { authorise } from '../../platform/authorise.ts';
import type { Ctx } from '../../platform/context.ts';
import { unconfirmedInFile } from '../../platform/unconfirmed.ts';
import type { UnconfirmedDatum } from '../../platform/unconfirmed.ts';

/** What nobody has confirmed of the data on rates, bank files, lists and the allocation of money. */
export function unconfirmedPaymentData(ctx: Ctx): UnconfirmedDatum[] {
  authorise(ctx, 'kits.view');
  const read = (kit: string, file: string): UnconfirmedDatum[] => unconfirmedInFile(kit, new URL(file, import.meta.url), file.split('/').at(-1) ?? file);
  return [
    ...read('rates', './rates/rate-sources.json'), ...read('bank_codes', './formats/bai2-codes.json'),
    ...read('list_words', './formats/tables/confirmation-headings.json'), ...read('allocation', './allocation/allocation-rules.json'),
  ];
}
