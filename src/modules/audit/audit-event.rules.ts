import { assert } from '../../platform/errors.ts';
import type { Param } from '../../platform/errors.ts';

export type AuditDetails = Readonly<Record<string, Param | readonly (string | number)[]>>;

export interface AuditEvent {
  /** What was done, as listed in `actions.json`: `packet.sealed`. */
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly partner?: string | null;
  readonly county?: string | null;
  readonly details?: AuditDetails;
}

/** Ids, codes, dates, numbers and short lists of them; no letters beyond ASCII, no `@`: a name or an address has no place here. */
const CODE = /^[\w.:/+=# -]{0,200}$/;
const DETAILS_MAX = 20;
const LIST_MAX = 50;

/** Stops a program that would write a personal value into a record that is kept for ever. */
export function assertCodesOnly(event: AuditEvent): void {
  assert(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/.test(event.action), 'an audit action is dotted lower case');
  assert(CODE.test(event.subject.type) && CODE.test(event.subject.id) && event.subject.id !== '', `audit ${event.action}: the subject is named by an id`);
  const details = Object.entries(event.details ?? {});
  assert(details.length <= DETAILS_MAX, `audit ${event.action}: too many details`);
  for (const [name, value] of details) {
    const values = Array.isArray(value) ? (value as readonly Param[]) : [value as Param];
    assert(values.length <= LIST_MAX && values.every((one) => typeof one !== 'string' || CODE.test(one)), `audit ${event.action}: detail ${name} is no id or code`);
  }
}
