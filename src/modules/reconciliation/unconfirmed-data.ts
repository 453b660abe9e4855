import { authorise } from '../../platform/authorise.ts';
import type { Ctx } from '../../platform/context.ts';
import { unconfirmedInFile } from '../../platform/unconfirmed.ts';
import type { UnconfirmedDatum } from '../../platform/unconfirmed.ts';

/** What nobody has confirmed of the rules of the day of money and of the second person. */
export function unconfirmedReconciliationData(ctx: Ctx): UnconfirmedDatum[] {
  authorise(ctx, 'kits.view');
  return [
    ...unconfirmedInFile('day', new URL('./days/day-settings.json', import.meta.url), 'day-settings.json'),
    ...unconfirmedInFile('four_eyes', new URL('./suspense/four-eyes.json', import.meta.url), 'four-eyes.json'),
  ];
}
