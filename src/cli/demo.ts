import { AppError } from '../platform/errors.ts';
import { EXIT } from './command.ts';
import type { Command } from './command.ts';

export const demoCommands: readonly Command[] = [
  {
    name: 'demo', describe: 'demo:about', needs: 'app',
    options: [{ flags: '--no-serve', describe: 'demo:no_serve' }],
    async run(io, input, ctx) {
      // The ledger forgets nothing: fictional money must never meet real money, nor demo accounts a real office.
      if (ctx.config.databaseUrl !== null || ctx.config.mode === 'production') throw new AppError('conflict', 'demo.not_here');
      const { runDemo } = await import('../demo/run-demo.ts');
      const { demoUsers } = await import('../demo/demo-users.ts');
      io.say(io.words('demo:start', { folder: ctx.config.dataDir }));
      await runDemo(ctx, io);
      await demoUsers(ctx, io);
      if (input.options.serve === false) return EXIT.done;
      const { serveUntilAsked } = await import('./serving.ts');
      io.say('');
      await serveUntilAsked(io, ctx);
      return EXIT.done;
    },
  },
];
