import { needsOf } from '../documents/form-set.rules.ts';
import type { FormSet, ServiceForms } from '../documents/form-set.rules.ts';

/** What a service asks for under a partner's set of forms. @throws a fault where the set does not know the service. */
export function serviceForms(set: FormSet, service: string): ServiceForms {
  const forms = Object.hasOwn(set.services, service) ? set.services[service] : undefined;
  if (!forms) throw new Error(`fault: the set ${set.setId} has no service ${service}`);
  return forms;
}

/** Whether the sum owed belongs to the request. */
export function asksForMoney(set: FormSet, services: readonly string[]): boolean {
  return services.some((service) => needsOf(set, service, 'balances') !== null);
}
