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
  const local = site.file('list.csv', 'folio,amount\nA-1,10.00\n');
  const { status, output } = await site.openssh([`put ${local} /inbox/list.csv`, 'ls -l /inbox', `get /receipts/list.csv.p7s ${site.folder}/list.p7s`, 'ls -1 /receipts']);
  expect(output).toContain('-submitted.p7s');
  expect(status).toBe(0);
  expect(contentOf(`${site.folder}/list.p7s`).length).toBeGreaterThan(500);
});
