import type { Balance } from '../../cases/index.ts';
import type { Param, Severity } from '../../../platform/errors.ts';
import { isCurrency, parseMajor } from '../../../platform/money.ts';
import { holds } from '../documents/form-scope.rules.ts';
import type { FormSet } from '../documents/form-set.rules.ts';
import { serviceForms } from './service.rules.ts';

export interface Said {
  readonly services: readonly string[];
  readonly set: FormSet;
  readonly balances: readonly Balance[];
  readonly sections: Readonly<Record<string, unknown>>;
}

type Report = (severity: Severity, code: string, path: string, params?: Record<string, Param>) => void;

// Support for the running month falls due anew after whatever was paid before; the other balances are of older months.
const CURRENT_BUCKETS: readonly string[] = ['current_support', 'medical'];

/** Where a packet would say one thing and its contrary. */
export function reportContradictions({ services, set, balances, sections }: Said, report: Report): void {
  const isExcluded = (one: string, other: string): boolean => serviceForms(set, one).excludes?.includes(other) ?? false;
  services.forEach((service, index) => services.slice(index + 1).forEach((other) => {
    if (isExcluded(service, other) || isExcluded(other, service)) report('block', 'services_exclude', `/services/${index}`, { service, other });
  }));
  const scope = { services, interview: sections };
  if (!services.some((service) => isPaidBy(service, set, scope))) return;
  balances.forEach(({ amount, currency, bucket }, index) => {
    const owed = isCurrency(currency) ? parseMajor(amount, currency) : null;
    if (owed === null || owed <= 0n) return;
    report(CURRENT_BUCKETS.includes(bucket) ? 'warn' : 'block', 'closed_unpaid', `/balances/${index}`, { amount, currency });
  });
}

function isPaidBy(service: string, set: FormSet, scope: Readonly<Record<string, unknown>>): boolean {
  const { saysPaid } = serviceForms(set, service);
  return saysPaid !== undefined && holds(scope, saysPaid);
}
