import type { SupportCase } from '../../../src/modules/cases/index.ts';

// Fields whose few possible values are no secrets, or which refer to one another.
const KEPT = new Set(['extractVersion', 'status', 'assistance', 'role', 'sex', 'type', 'kind', 'source', 'verifiedBy', 'basis', 'bucket', 'frequency', 'currency', 'country', 'county', 'participantId',
  'livesWith', 'against', 'dependents', 'partner', 'until', 'nationalities', 'jurisdiction']);

/** A case in which every text is a canary that stands nowhere else, and where each of them stands. */
export interface Planted { supportCase: SupportCase; pointerOf: ReadonlyMap<string, string> }

export function plantCanaries(supportCase: SupportCase): Planted {
  const pointerOf = new Map<string, string>();
  const plant = (value: unknown, pointer: string, field: string): unknown => {
    if (typeof value === 'string') {
      if (KEPT.has(field)) return value;
      const canary = `Qz${pointerOf.size + 1000}zQ`;
      pointerOf.set(canary, pointer);
      return canary;
    }
    if (Array.isArray(value)) return value.map((item, i) => plant(item, `${pointer}/${i}`, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plant(item, `${pointer}/${key}`, key)]));
  };
  return { supportCase: plant(supportCase, '', '') as SupportCase, pointerOf };
}

/** Where the canaries stood that are found in an output, whatever it is. */
export function survivors(output: unknown, { pointerOf }: Planted): string[] {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return [...pointerOf].filter(([canary]) => text.includes(canary)).map(([, pointer]) => pointer);
}
