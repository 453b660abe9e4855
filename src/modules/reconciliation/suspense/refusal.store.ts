import { createHash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import { normaliseName } from '../../../platform/names/index.ts';
import type { Refused } from '../matching/refusal.rules.ts';
import { NOTHING_REFUSED } from '../matching/refusal.rules.ts';

/** What of a line its refusals hang on: its posting key, and whom it names. */
export type RefusableLine = {
  readonly postingKey: string;
  readonly givenCaseId: string | null;
  readonly payeeName: string;
  readonly obligorName: string;
  readonly obligeeName: string;
};

export type Refusals = { readonly for: (line: RefusableLine) => Refused };

const NONE: Refusals = { for: () => NOTHING_REFUSED };

/** The line itself, whenever and however often its money is booked. */
export const lineKeyOf = (postingKey: string): string => postingKey.replace(/:again\d+$/u, '');

/** Whom a line names: the next payment of the same printed persons says the same. Null where it names nobody. */
export function whoKeyOf(line: Omit<RefusableLine, 'postingKey'>): string | null {
  const names = [line.payeeName, line.obligorName, line.obligeeName].map(normaliseName);
  if (names.every((name) => name === '')) return null;
  const number = (line.givenCaseId ?? '').normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
  return `who:${createHash('sha256').update(JSON.stringify([number, ...names])).digest('hex')}`;
}

/** Everything that people have refused of one partner's lines of a kind. There are few: people made them. */
export async function selectRefusals(ctx: TxCtx, partnerId: string, kind: 'forwarding' | 'remittance'): Promise<Refusals> {
  const rows = await ctx.tx.query<{ reference_key: string; case_id: string | null; disbursement_id: string | null }[]>(
    'select reference_key, case_id, disbursement_id from match_refusals where agency_id = $1 and partner_id = $2 and kind = $3', [ctx.actor.agency, partnerId, kind]);
  if (rows.length === 0) return NONE;
  const byKey = Map.groupBy(rows, (r) => r.reference_key);
  return {
    for: (line) => {
      const who = whoKeyOf(line);
      const found = [...(byKey.get(lineKeyOf(line.postingKey)) ?? []), ...(who === null ? [] : (byKey.get(who) ?? []))];
      if (found.length === 0) return NOTHING_REFUSED;
      return {
        cases: new Set(found.flatMap((r) => (r.case_id === null ? [] : [r.case_id]))),
        disbursements: new Set(found.flatMap((r) => (r.disbursement_id === null ? [] : [r.disbursement_id]))),
      };
    },
  };
}

export type Refusal = {
  readonly partnerId: string;
  readonly kind: 'forwarding' | 'remittance';
  readonly referenceKeys: readonly string[];
  readonly caseId: string | null;
  readonly disbursementId: string | null;
  readonly decisionId: string;
};

export async function insertRefusal(ctx: TxCtx, r: Refusal): Promise<void> {
  await ctx.tx.query(
    `insert into match_refusals (agency_id, partner_id, kind, reference_key, case_id, disbursement_id, decision_id, refused_by, refused_at)
     select $1, $2, $3, k, $5, $6, $7, $8, $9 from unnest($4::text[]) as k on conflict do nothing`,
    [ctx.actor.agency, r.partnerId, r.kind, r.referenceKeys, r.caseId, r.disbursementId, r.decisionId, ctx.actor.id, ctx.clock.now()],
  );
}
