/** What a service needs of the case before a partner can act on it, and its CSENet function, action and reason. */
export interface ServiceRule {
  readonly needsOrder: boolean;
  readonly needsNoOrder: boolean;
  /** Whether it may still be asked when the county has closed the case. */
  readonly isForClosedCases: boolean;
  /** Whether the sum owed belongs to the request. */
  readonly needsBalance: boolean;
}

const needs = (given: Partial<ServiceRule> = {}): ServiceRule => ({ needsOrder: false, needsNoOrder: false, isForClosedCases: false, needsBalance: false, ...given });

const RULES: Readonly<Record<string, ServiceRule>> = Object.freeze({
  locate: needs(),
  establish_parentage: needs(),
  establish_order: needs({ needsNoOrder: true }),
  register_enforce: needs({ needsOrder: true, needsBalance: true }),
  enforce: needs({ needsOrder: true, needsBalance: true }),
  modify: needs({ needsOrder: true }),
  collect_forward: needs({ needsOrder: true, needsBalance: true }),
  serve_documents: needs(),
  obtain_evidence: needs(),
  status: needs({ isForClosedCases: true }),
  payment_location: needs({ isForClosedCases: true }),
  close: needs({ isForClosedCases: true }),
});

export function isServiceCode(code: string): boolean {
  return Object.hasOwn(RULES, code);
}

export function serviceRule(code: string): ServiceRule {
  const rule = Object.hasOwn(RULES, code) ? RULES[code] : undefined;
  if (!rule) throw new Error(`fault: no rule for service ${code}`);
  return rule;
}
