import { EXIT } from './command.ts';
import type { Command } from './command.ts';

/** Running and maintaining the gateway itself. */
export const systemCommands: readonly Command[] = [
  {
    name: 'serve', describe: 'cli:serve.about', needs: 'app',
    options: [{ flags: '--only <part>', describe: 'cli:serve.only', choices: ['web', 'jobs', 'sftp'] }],
    async run(io, input, ctx) {
      const { serveUntilAsked } = await import('./serving.ts');
      const { only } = input.options;
      await serveUntilAsked(io, ctx, { web: only === undefined || only === 'web', jobs: only === undefined || only === 'jobs', sftp: only === undefined || only === 'sftp' });
      return EXIT.done;
    },
  },
  {
    name: 'migrate', describe: 'cli:migrate.about', needs: 'nothing',
    async run(io, _input, config) {
      const { migrate } = await import('../platform/database/index.ts');
      const done = await migrate(config);
      for (const name of done) io.say(`+ ${name}`);
      io.say(io.words('cli:migrate.done'));
      await io.json({ migrations: done });
      return EXIT.done;
    },
  },
  {
    name: 'keys create', args: '<file>', describe: 'cli:keys.create', needs: 'nothing',
    async run(io, input) {
      const { createKeyFile } = await import('../platform/key-files.ts');
      const file = input.args[0] as string;
      await createKeyFile(file);
      io.say(io.words('cli:keys.created', { file }));
      return EXIT.done;
    },
  },
  {
    name: 'keys rotate', args: '<file>', describe: 'cli:keys.rotate', needs: 'nothing',
    async run(io, input) {
      const { rotateKeyFile } = await import('../platform/key-files.ts');
      const file = input.args[0] as string;
      const version = await rotateKeyFile(file);
      io.say(io.words('cli:keys.rotated', { file, version }));
      return EXIT.done;
    },
  },
];
