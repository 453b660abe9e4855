import type { ErrorObject } from 'ajv';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { schemaFinding, schemaValidator } from '../../../platform/validation.ts';
import { recordAudit } from '../../audit/index.ts';
import { fileDialect } from '../../partners/index.ts';
import type { FileKind } from '../../partners/index.ts';
import type { ColumnMapping } from '../formats/tables/mapping.rules.ts';
import { mappingFindings } from './check-mapping.rules.ts';
import { insertMapping, lockMappings, versionInForce } from './mapping.store.ts';

export interface MappingToSave {
  partnerId: string;
  kind: FileKind;
  /** As schemas/json/column-mapping.v1.json has it. */
  mapping: unknown;
}

export interface MappingSaved {
  version: number;
  /** The same mapping is in force already; nothing was written. */
  isRepeat: boolean;
}

/**
 * Saves how a partner's lists of one kind are to be read from now on; the former version stays on record.
 *
 * @throws AppError `partner.unknown`, `partner.no_such_file`; `mapping.invalid` with a finding for each fault, by its place in the mapping.
 */
export async function saveMapping(ctx: Ctx, request: MappingToSave): Promise<MappingSaved> {
  authorise(ctx, 'payments.map');
  return writeMapping(ctx, request);
}

/** The same for whoever has been given leave for this partner alone (`offered/`). */
export async function writeMapping(ctx: Ctx, { partnerId, kind, mapping: given }: MappingToSave): Promise<MappingSaved> {
  const dialect = fileDialect(partnerId, kind);
  const validate = schemaValidator('column-mapping.v1');
  if (!validate(given)) throw new AppError('invalid', 'mapping.invalid', { findings: (validate.errors ?? []).map(shapeFinding) });
  const mapping = given as ColumnMapping;
  const findings = mappingFindings(mapping, dialect);
  if (findings.length > 0) throw new AppError('invalid', 'mapping.invalid', { findings });
  return inTransaction(ctx, async (tx) => {
    await lockMappings(tx, partnerId, kind);
    const before = await versionInForce(tx, partnerId, kind, mapping);
    if (before.isSame) return { version: before.version, isRepeat: true };
    const version = before.version + 1;
    await insertMapping(tx, { partnerId, kind, version, mapping });
    await recordAudit(tx, {
      action: 'payments.mapping_saved', subject: { type: 'column_mapping', id: `${partnerId}:${kind}:${version}` }, partner: partnerId,
      details: { kind, version, columns: Object.keys(mapping.columns).length, signs: mapping.signs?.length ?? 0 },
    });
    return { version, isRepeat: false };
  });
}

/** A field that lists do not have is named: it is the clerk's own word, and a slip of the pen as a rule. */
function shapeFinding(error: ErrorObject): Finding {
  const { additionalProperty } = error.params as { additionalProperty?: unknown };
  if (error.instancePath !== '/columns' || typeof additionalProperty !== 'string') return schemaFinding(error, 'mapping.schema');
  return { code: 'mapping.no_such_field', severity: 'block', path: `/columns/${additionalProperty.slice(0, 40)}` };
}
