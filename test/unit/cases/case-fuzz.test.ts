import fc from 'fast-check';
import { disclose } from '../../../src/modules/cases/disclosure.rules.ts';
import { CASE_TABLES, PART_TABLES, caseRow, partRows, versionRow } from '../../../src/modules/cases/case-rows.ts';
import { readCaseLine } from '../../../src/modules/cases/read-case-line.ts';
import { keyRingOf } from '../../../src/platform/keys.ts';
import { aCase } from '../../support/cases/builders.ts';

const secret = Buffer.alloc(32, 7).toString('base64');
const keys = keyRingOf({ format: 'puente-keys-1', versions: [{ version: 1, secret, since: '2026-01-01T00:00:00Z' }], lookupSecret: secret, signing: null });
const scope = { agencyId: 'us-ca', fileId: 'fil_x', at: new Date('2026-11-20T12:00:00Z'), on: '2026-11-20', keys };

type Holder = Record<string | number, unknown>;

/** Every place of a record at which something can be put, taken away or added. */
function places(value: unknown, found: { holder: Holder; key: string | number }[] = []): { holder: Holder; key: string | number }[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Holder, key });
    places((value as Holder)[key], found);
  }
  return found;
}

const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('', ' ', '\u0000', '\\', '\t', '{"', '-0', '1e9', '٣٦٢', '2026-02-30', '9999-12-31', 'P1', 'fpls', '💣', '\ud800'), fc.string({ unit: 'binary' }));

it('takes or refuses whatever a line holds, and can store and disclose what it takes', () => {
  let taken = 0;
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(), anything, fc.constantFrom('put', 'remove', 'add')), { minLength: 1, maxLength: 3 }), (spoils) => {
    const record = structuredClone(aCase());
    for (const [at, value, how] of spoils) {
      const all = places(record);
      const { holder, key } = all[at % all.length] as { holder: Holder; key: string };
      if (how === 'put') holder[key] = value;
      else if (how === 'remove') delete holder[key];
      else if (!Array.isArray(holder)) holder[`x${at % 5}`] = value;
    }
    const { supportCase, canonical, findings } = readCaseLine(JSON.stringify(record));
    if (!supportCase) return findings.length > 0;
    taken += 1;
    const item = { supportCase, canonical, digest: keys.lookup('support_case', canonical), line: 1, version: 1, changes: [] };
    const columns = (table: keyof typeof CASE_TABLES) => CASE_TABLES[table].split(', ').length;
    expect(caseRow(item, scope)).toHaveLength(columns('support_cases'));
    expect(versionRow(item, scope)).toHaveLength(columns('support_case_versions'));
    for (const table of PART_TABLES) {
      for (const row of partRows(table, item, scope)) {
        expect(row).toHaveLength(columns(table));
        expect(row.some((cell) => typeof cell === 'string' && cell.includes('\0'))).toBe(false);
      }
    }
    disclose(supportCase, { partnerId: 'mx-sre', country: 'MX' }, '2026-11-20');
    return true;
  }), { numRuns: 1_500 });
  expect(taken).toBeGreaterThan(50);
});
