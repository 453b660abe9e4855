import { readFileSync } from 'node:fs';
import { assert } from '../../../platform/errors.ts';
import { schemaValidator } from '../../../platform/validation.ts';
import type { InterestRule } from './interest-rule.rules.ts';

let loaded: readonly InterestRule[] | undefined;

/** The rules of interest that this installation knows (`interest-rules.json`), read once. */
export function interestRules(): readonly InterestRule[] {
  loaded ??= Object.freeze(read());
  return loaded;
}

function read(): InterestRule[] {
  const data: unknown = JSON.parse(readFileSync(new URL('./interest-rules.json', import.meta.url), 'utf8'));
  assert(schemaValidator('interest-rules.v1')(data), 'interest-rules.json keeps its schema');
  const { rules } = data as { rules: InterestRule[] };
  const isAscending = (entries: readonly { validFrom: string }[]): boolean => entries.every(({ validFrom }, i) => i === 0 || (entries[i - 1]?.validFrom ?? '') < validFrom);
  assert(rules.every(({ rates, application }) => isAscending(rates) && isAscending(application)), 'rates and orders of interest-rules.json ascend');
  assert(new Set(rules.map(({ jurisdiction, enforcedBy }) => `${jurisdiction} ${enforcedBy}`)).size === rules.length, 'one rule of interest for each jurisdiction and enforcement');
  return rules;
}
