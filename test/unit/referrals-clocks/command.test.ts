import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../support/command-line.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'puente-command-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Ran { code: number; out: string; err: string }

async function puente(args: readonly string[], language = 'en'): Promise<Ran> {
  const { code, stdout, stderr } = await runCommand(args, { PUENTE_DATA_DIR: dataDir, PUENTE_LANGUAGE: language });
  return { code, out: stdout, err: stderr };
}

describe('puente clocks due', () => {
  it('prints exactly what the contract asks, and words for people elsewhere', async () => {
    const ran = await puente(['clocks', 'due', 'registry.intake', '--from', '2026-11-20', '--json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toEqual({ clock: 'registry.intake', from: '2026-11-20', due: '2026-12-08', dayKind: 'working', citation: '45 CFR 303.7(b)(2)', binding: true });
    expect(ran.err).toContain('10 working days');
  });

  it('says in the reader’s language that a target binds nobody', async () => {
    expect((await puente(['clocks', 'due', 'hague.acknowledge', '--from', '2026-11-22'], 'es-MX')).out).toContain('plazo orientativo');
    expect((await puente(['clocks', 'due', 'hague.acknowledge', '--from', '2026-11-22'], 'ko-KR')).out).toContain('법적 구속력이 없습니다');
  });

  it('refuses an unknown clock and an impossible date, and calls a missing date a fault of usage', async () => {
    expect(await puente(['clocks', 'due', 'case.close', '--from', '2026-11-22'])).toMatchObject({ code: 3, out: '' });
    expect(await puente(['clocks', 'due', 'case.open', '--from', '2026-02-29'])).toMatchObject({ code: 3, out: '' });
    expect(await puente(['clocks', 'due', 'case.open'])).toMatchObject({ code: 2, out: '' });
    expect(await puente(['clocks', 'due'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('puente partners', () => {
  it('lists the partners and what is to be confirmed about one', async () => {
    const list = (await puente(['partners', 'list', '--json'])).out.trim().split('\n').map((line) => JSON.parse(line) as { partnerId: string });
    expect(list.map(({ partnerId }) => partnerId)).toEqual(['kr-kcsa', 'mx-consulate-calexico', 'mx-consulate-los-angeles', 'mx-sre']);
    expect((await puente(['partners', 'show', 'kr-kcsa'], 'ko-KR')).out).toContain('제출 부수가 확인되지 않음');
    expect((await puente(['partners', 'show', 'nobody'])).code).toBe(3);
  });
});
