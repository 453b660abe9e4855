import { field } from '../visit.ts';
import type { Visit } from '../visit.ts';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** When the page was made whose form was sent. A form that does not say so, or names a time to come, has seen nothing. */
export function seenIn(visit: Visit): Date {
  const text = field(visit, 'seen_at', 24);
  const at = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  return at <= visit.ctx.clock.now().getTime() ? new Date(at) : new Date(0);
}
