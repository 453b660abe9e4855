import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorise } from '../../../platform/authorise.ts';
import type { Ctx } from '../../../platform/context.ts';

/** A certificate as it is shown: what it says, never a key. */
export interface ShownCertificate {
  /** The partner whose it is; null for our own. */
  readonly partnerId: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly from: Date;
  readonly until: Date;
  readonly fingerprint: string;
}

export interface KnownCertificates {
  readonly own: ShownCertificate | null;
  readonly partners: readonly ShownCertificate[];
  /** Partners whose file is there and cannot be read. */
  readonly unreadable: readonly string[];
}

const SUFFIX = '.encrypt.pem';
const FILES_MAX = 500;

/** With what packets are signed, and for whom files are encrypted. */
export function listCertificates(ctx: Ctx): KnownCertificates {
  authorise(ctx, 'kits.view');
  const folder = join(ctx.config.dataDir, 'partner-certificates');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)).sort().slice(0, FILES_MAX) : [];
  const read = names.map((name) => [name.slice(0, -SUFFIX.length), shown(readFileSync(join(folder, name)), name.slice(0, -SUFFIX.length))] as const);
  return {
    own: ctx.keys.signing === null ? null : shown(Buffer.from(ctx.keys.signing.certificatePem), null),
    partners: read.flatMap(([, certificate]) => certificate ?? []), unreadable: read.filter(([, certificate]) => certificate === null).map(([partnerId]) => partnerId),
  };
}

function shown(pem: Buffer, partnerId: string | null): ShownCertificate | null {
  try {
    const { subject, issuer, validFrom, validTo, fingerprint256 } = new X509Certificate(pem);
    return { partnerId, subject, issuer, from: new Date(validFrom), until: new Date(validTo), fingerprint: fingerprint256 };
  } catch {
    return null;
  }
}
