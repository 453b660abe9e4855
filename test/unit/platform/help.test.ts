import { execFileSync } from 'node:child_process';

it.each(['en', 'es-MX', 'ko-KR'])('the command starts and explains itself in %s', (language) => {
  const help = execFileSync(process.execPath, ['bin/puente', '--help'], { encoding: 'utf8', env: { ...process.env, PUENTE_LANGUAGE: language } });
  for (const command of ['serve', 'demo', 'referrals', 'users']) expect(help).toContain(command);
});
