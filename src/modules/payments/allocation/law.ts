import { readFileSync } from 'node:fs';
import { assert } from '../../../platform/errors.ts';
import { schemaValidator } from '../../../platform/validation.ts';
import type { AllocationLaw } from './allocation.rules.ts';

let law: AllocationLaw | undefined;

/** The rules of application that this installation knows (`allocation-rules.json`), read once. */
export function allocationLaw(): AllocationLaw {
  if (law) return law;
  const data: unknown = JSON.parse(readFileSync(new URL('./allocation-rules.json', import.meta.url), 'utf8'));
  assert(schemaValidator('allocation-rules.v1')(data), 'allocation-rules.json keeps its schema');
  law = data as AllocationLaw;
  return law;
}
