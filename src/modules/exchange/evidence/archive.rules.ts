/** A signed list of receipts: proof, made while their certificate was valid, that they were there. */
export const ARCHIVE_VERSION = '1.0';
const LINE = /^(rct_[0-9A-HJKMNP-TV-Z]{26}) ([0-9a-f]{64})$/;

export function archiveText(agency: string, receipts: readonly { readonly receiptId: string; readonly sha256: string }[]): string {
  return [`puente-receipts ${ARCHIVE_VERSION} ${agency} ${receipts.length}`, ...receipts.map(({ receiptId, sha256 }) => `${receiptId} ${sha256}`), ''].join('\n');
}

/** The digests that a list holds; null for what is no such list. */
export function readArchive(bytes: Uint8Array): ReadonlySet<string> | null {
  const [heading = '', ...lines] = Buffer.from(bytes).toString('utf8').split('\n');
  const count = /^puente-receipts 1\.0 [a-z][a-z0-9-]{1,30} (\d{1,9})$/.exec(heading)?.[1];
  if (count === undefined || lines.pop() !== '' || lines.length !== Number(count)) return null;
  const digests = lines.map((line) => LINE.exec(line)?.[2]);
  return digests.every((one) => one !== undefined) ? new Set(digests as string[]) : null;
}
