import { authorise } from '../../platform/authorise.ts';
import type { Ctx } from '../../platform/context.ts';
import { unconfirmedInFile } from '../../platform/unconfirmed.ts';
import type { UnconfirmedDatum } from '../../platform/unconfirmed.ts';

/** What nobody has confirmed of reminders, kinds of messages and words of consent. */
export function unconfirmedExchangeData(ctx: Ctx): UnconfirmedDatum[] {
  authorise(ctx, 'kits.view');
  const read = (kit: string, file: string): UnconfirmedDatum[] => unconfirmedInFile(kit, new URL(file, import.meta.url), file.split('/').at(-1) ?? file);
  return [...read('reminders', './reminders/reminder-rules.json'), ...read('messages', './messages/message-kinds.json'), ...read('consents', './inquiries/consent-texts.v1.json')];
}
