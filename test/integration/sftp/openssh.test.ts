import { accepted } from '../../support/exchange/scene.ts';
import { ensureOpenssh } from '../../support/sftp/ensure-openssh.mjs';
import { contentOf, sftpSite } from '../../support/sftp/site.ts';
import type { SftpSite } from '../../support/sftp/site.ts';

let site: SftpSite;
beforeAll(async () => {
  const { sftp, reason } = ensureOpenssh();
  if (sftp === null) throw new Error(`these tests need OpenSSH's client: ${reason}`);
  site = await sftpSite();
});
afterAll(() => site.close());

it('shows three folders and nothing else', async () => {
  const { status, output } = await site.openssh(['pwd', 'ls -1', 'ls -la /', 'cd /outbox', 'ls -1']);
  expect(output).toContain('Remote working directory: /');
  expect(output).toMatch(/inbox\noutbox\nreceipts/);
  expect(status).toBe(0);
});

it('receives what is put, and has the receipt ready under the name of the file', async () => {
  const { referralId } = await site.scene.sent();
  const local = site.file('answer.json', JSON.stringify(accepted({ referralId })));
  const { status, output } = await site.openssh([`put ${local} /inbox/answer.json`, 'ls -l /inbox', `get /receipts/answer.json.p7s ${site.folder}/answer.p7s`, 'ls -1 /receipts']);
  expect(output).toContain('-submitted.p7s');
  expect(status).toBe(0);
  expect(contentOf(`${site.folder}/answer.p7s`).length).toBeGreaterThan(500);
});
