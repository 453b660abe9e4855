import { holds } from './form-scope.rules.ts';
import type { Scope } from './form-scope.rules.ts';
import type { Condition } from './form.rules.ts';

/** Which documents a service needs under one family of forms (`form-sets/*.json`, schemas/json/form-set.v1.json), and what it asks for. */
export interface FormSet {
  readonly setVersion: '1.0';
  readonly setId: string;
  readonly always: { readonly first: readonly string[]; readonly last: readonly string[] };
  readonly services: Readonly<Record<string, ServiceForms>>;
  /** Documents that a country (ISO 3166-1) asks for besides, for these services. */
  readonly byCountry: Readonly<Record<string, readonly CountryDocument[]>>;
  /** A form that follows another whenever that one is in the packet, such as its acknowledgment page. */
  readonly after: Readonly<Record<string, readonly string[]>>;
  /** Forms that are sealed apart for a named authority. */
  readonly sealedParts: readonly string[];
  /** Which forms or kinds of attachments are the papers that profiles name. */
  readonly papers?: Readonly<Record<string, { readonly forms?: readonly string[]; readonly kinds?: readonly string[] }>>;
}

export interface CountryDocument {
  readonly formId: string;
  readonly services: 'all' | readonly string[];
}

export interface ServiceForms {
  /** The first that holds is taken; the last has no condition. */
  readonly options: readonly ServiceOption[];
  readonly needs: readonly ServiceNeed[];
  /** Key of what the partner is asked to do. */
  readonly promises: string;
  /** Whether it may still be asked when the county has closed the case. */
  readonly forClosedCases?: boolean;
  /** It is done where the debtor lives: a partner in another country can do nothing. */
  readonly actsOnDebtor?: boolean;
  /** Services that cannot be asked for with it: the packet would contradict itself. */
  readonly excludes?: readonly string[];
  /** Holds where the packet says by it that nothing is owed any more. */
  readonly saysPaid?: Condition;
}

export interface ServiceOption {
  readonly when?: Condition;
  readonly documents: readonly string[];
  /** CSENet 2000 function, action and reason; null where CSENet has none for it. */
  readonly csenet: { readonly function: string; readonly action: string; readonly reason: string } | null;
}

/** What the service cannot do without (`block`), does badly without (`warn`), or would gain by (`info`), and where that is looked for. */
export interface ServiceNeed {
  readonly code: string;
  readonly severity: 'block' | 'warn' | 'info';
  readonly of: 'case' | 'interview' | 'attachment';
  readonly section?: string;
  readonly each?: 'child';
  readonly kinds?: readonly string[];
  readonly when?: Condition;
}

/** Whether a service asks for this of the case at all. */
export function needsOf(set: FormSet, service: string, code: string): ServiceNeed | null {
  return set.services[service]?.needs.find((need) => need.code === code) ?? null;
}

export function optionOf(set: FormSet, service: string, scope: Scope): ServiceOption | null {
  return set.services[service]?.options.find((option) => option.when === undefined || holds(scope, option.when)) ?? null;
}

/** The forms of a packet in their order, each once: those that come first always, those of the services, of the country, the last ones. */
export function plannedForms(set: FormSet, services: readonly string[], country: string, scope: Scope): string[] {
  const asked = services.flatMap((service) => optionOf(set, service, scope)?.documents ?? []);
  const local = (set.byCountry[country] ?? []).filter((one) => one.services === 'all' || one.services.some((service) => services.includes(service)));
  const planned = [...set.always.first, ...asked, ...local.map((one) => one.formId)]
    .flatMap((formId) => [formId, ...(set.after[formId] ?? [])]);
  return [...new Set([...planned.filter((formId) => !set.always.last.includes(formId)), ...set.always.last])];
}
