import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveText } from '../../../src/modules/exchange/evidence/archive.rules.ts';
import { statementText } from '../../../src/modules/exchange/evidence/receipt.rules.ts';
import type { ReceiptStatement } from '../../../src/modules/exchange/evidence/receipt.rules.ts';
import { verifyReceipt } from '../../../src/modules/exchange/index.ts';
import { signAttached, signDetached } from '../../../src/platform/asic/cms.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import { codesOf } from '../../support/referrals-incoming/scene.ts';
import { aSigner } from '../../support/referrals/packets.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const MESSAGE = Buffer.from('a packet, as it came');

const statement = (changes: Partial<ReceiptStatement> = {}): ReceiptStatement => ({
  version: '1.0', receiptId: 'rct_01K0000000000000000000000A', stage: 'submitted', agency: 'us-ca', partner: 'mx-consulate-calexico', direction: 'in', conversation: 'CLX-1', messageId: 'CLX-000001',
  serial: '000000000001', kind: 'acknowledgment', contentSha256: digest('content'), bytesSha256: digest(MESSAGE), byteCount: MESSAGE.length, happenedAt: NOW.toISOString(), hop: null, channel: 'api',
  reasons: [], fileNumbers: { agency: 'IM-1', partner: 'CLX/2026/0007' }, previous: null, ...changes,
});
const receiptOf = (signer: Signer, changes: Partial<ReceiptStatement> = {}, at = NOW): Buffer => signAttached(Buffer.from(statementText(statement(changes))), signer, at);

let signer: Signer;
let pem: string;
beforeAll(async () => {
  const made = await aSigner();
  signer = made.signer;
  pem = made.identity.certificatePem;
});

describe('a receipt', () => {
  it('is vouched for where its signer is on the trust list, and refused where it is not', async () => {
    const receipt = receiptOf(signer);
    expect(verifyReceipt(receipt, { trust: pem, now: NOW })).toMatchObject({ isIntact: true, findings: [], signer: { trust: 'trusted' }, statement: statement() });
    const other = (await aSigner()).identity.certificatePem;
    expect(codesOf(verifyReceipt(receipt, { trust: other, now: NOW }).findings)).toEqual(['signature.signer_untrusted']);
    expect(codesOf(verifyReceipt(receipt, { now: NOW }).findings)).toEqual(['signature.signer_unchecked']);
  });

  it('is opened by openssl, which prints the statement', () => {
    const folder = mkdtempSync(join(tmpdir(), 'puente-receipt-'));
    try {
      writeFileSync(join(folder, 'r.p7m'), receiptOf(signer));
      writeFileSync(join(folder, 'c.pem'), pem);
      execFileSync('openssl', ['cms', '-verify', '-inform', 'DER', '-in', 'r.p7m', '-CAfile', 'c.pem', '-attime', String(NOW.getTime() / 1000), '-partial_chain', '-purpose', 'any', '-out', 'statement.json'], { cwd: folder, stdio: 'pipe' });
      const printed = readFileSync(join(folder, 'statement.json'), 'utf8');
      expect(JSON.parse(printed)).toEqual(statement());
      expect(printed.endsWith('}\n')).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused when any one byte of it is changed, cut or added', () => {
    const receipt = receiptOf(signer);
    for (let index = 0; index < receipt.length; index += 31) {
      const altered = Buffer.from(receipt);
      altered[index] = (altered[index] ?? 0) ^ 0x01;
      expect([index, verifyReceipt(altered, { trust: pem, now: NOW }).isIntact]).toEqual([index, false]);
    }
    for (const bad of [receipt.subarray(0, -1), Buffer.concat([receipt, Buffer.of(0)]), Buffer.alloc(0), Buffer.from('{}'), Buffer.alloc(70_000, 0x30)]) {
      expect(verifyReceipt(bad, { trust: pem, now: NOW }).isIntact).toBe(false);
    }
  });

  it('is nothing else that the same key has signed: no other statement, no wrapped one, no signature without its statement', () => {
    const text = statementText(statement());
    const wrapped = [`{"receipt":${text.trim()}}\n`, text.replace('{', '{ '), text.replace('"stage":"submitted"', '"stage":"delivered","stage":"submitted"'), `${text}${text}`, text.replace('"version":"1.0"', '"version":"2.0"')];
    for (const content of wrapped) expect(codesOf(verifyReceipt(signAttached(Buffer.from(content), signer, NOW), { trust: pem, now: NOW }).findings)).toEqual(['receipt.statement_unreadable']);
    expect(verifyReceipt(signDetached(Buffer.from(text), signer, NOW), { trust: pem, now: NOW })).toMatchObject({ isIntact: false, statement: null });
  });

  it('is of the message alone that it names', () => {
    expect(verifyReceipt(receiptOf(signer), { trust: pem, now: NOW, message: MESSAGE }).findings).toEqual([]);
    expect(codesOf(verifyReceipt(receiptOf(signer), { trust: pem, now: NOW, message: Buffer.from('another') }).findings)).toEqual(['receipt.other_message']);
    expect(codesOf(verifyReceipt(receiptOf(signer), { trust: pem, now: NOW, message: Buffer.alloc(0) }).findings)).toEqual(['receipt.other_message']);
  });

  it('states nothing that happened after it was signed, and was not signed in the future', () => {
    expect(codesOf(verifyReceipt(receiptOf(signer, { happenedAt: '2026-11-21T12:00:00Z' }), { trust: pem, now: NOW }).findings)).toEqual(['receipt.happened_after_signing']);
    expect(codesOf(verifyReceipt(receiptOf(signer, {}, new Date('2026-11-22T12:00:00Z')), { trust: pem, now: NOW }).findings)).toEqual(['signature.time_in_future']);
  });
});

describe('receipts of one message', () => {
  const chain = (): [Buffer, Buffer, Buffer] => {
    const first = receiptOf(signer);
    const second = receiptOf(signer, { receiptId: 'rct_01K0000000000000000000000B', stage: 'relayed', hop: 'sre', previous: digest(first) });
    return [first, second, receiptOf(signer, { receiptId: 'rct_01K0000000000000000000000C', stage: 'delivered', hop: 'state', previous: digest(second) })];
  };

  it('follow each other back to the first', () => {
    const [first, second, third] = chain();
    expect(verifyReceipt(third, { trust: pem, now: NOW, earlier: [second, first] })).toMatchObject({ isIntact: true, findings: [] });
    expect(codesOf(verifyReceipt(third, { trust: pem, now: NOW }).findings)).toEqual(['receipt.previous_not_given']);
  });

  it('lack none, and none of them is of another message or forged', async () => {
    const [first, second, third] = chain();
    expect(codesOf(verifyReceipt(third, { trust: pem, now: NOW, earlier: [first] }).findings)).toEqual(['receipt.previous_missing']);
    expect(verifyReceipt(third, { trust: pem, now: NOW, earlier: [second] }).isIntact).toBe(false);
    const foreign = receiptOf(signer, { messageId: 'CLX-000002' });
    expect(codesOf(verifyReceipt(receiptOf(signer, { previous: digest(foreign) }), { trust: pem, now: NOW, earlier: [foreign] }).findings)).toEqual(['receipt.previous_other_message']);
    const forged = receiptOf((await aSigner()).signer);
    expect(codesOf(verifyReceipt(receiptOf(signer, { previous: digest(forged) }), { trust: pem, now: NOW, earlier: [forged] }).findings)).toEqual(['receipt.previous_unsound']);
  });
});

describe('when the certificate has ended', () => {
  const LATER = new Date('2038-01-01T00:00:00Z');
  const list = (receipts: readonly Buffer[], by: Signer, at: Date): Buffer =>
    signAttached(Buffer.from(archiveText('us-ca', receipts.map((one) => ({ receiptId: 'rct_01K0000000000000000000000A', sha256: digest(one) })))), by, at);

  it('the time of signing is the signature’s own word, until a list from before vouches for it', () => {
    const receipt = receiptOf(signer);
    expect(verifyReceipt(receipt, { trust: pem, now: LATER })).toMatchObject({ isIntact: true, findings: [{ code: 'receipt.certificate_expired_since', severity: 'warn' }] });
    const archive = list([receiptOf(signer, { messageId: 'X' }), receipt], signer, NOW);
    expect(codesOf(verifyReceipt(receipt, { trust: pem, now: LATER, archive }).findings)).toEqual(['receipt.archived']);
  });

  it('believes no list that lacks the receipt, was signed later, by somebody else, or is none', async () => {
    const receipt = receiptOf(signer);
    const late = await aSigner(new Date('2037-01-01T00:00:00Z'));
    const trust = `${pem}\n${late.identity.certificatePem}`;
    const codes = (archive: Uint8Array): string[] => codesOf(verifyReceipt(receipt, { trust, now: LATER, archive }).findings);
    expect(codes(list([], signer, NOW))).toEqual(['receipt.not_archived']);
    expect(codes(list([receipt], late.signer, new Date('2037-06-01T00:00:00Z')))).toEqual(['receipt.not_archived']);
    expect(codes(list([receipt], (await aSigner()).signer, NOW))).toEqual(['receipt.archive_unsound']);
    expect(codes(receipt)).toEqual(['receipt.archive_unsound']);
  });

  it('refuses what was signed outside of the life of the certificate', () => {
    expect(codesOf(verifyReceipt(receiptOf(signer, { happenedAt: '2037-12-01T00:00:00Z' }, new Date('2037-12-01T00:00:00Z')), { trust: pem, now: LATER }).findings)).toContain('signature.certificate_not_valid_then');
  });
});
