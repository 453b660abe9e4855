// The command `puente`, as often as it is asked: each message is the words and the environment of one command, and what it says goes to
// this process's own standard output and error, as if it had been started for it alone. A command has ended when nothing keeps
// a process from ending but the channel on which it was asked; then both streams carry a mark, and the code is told.
import nodeModule from 'node:module';
import { setImmediate } from 'node:timers/promises';

nodeModule.enableCompileCache?.();
const { main } = await import('../../../src/cli.ts');
const awake = () => process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').sort().join();
const listeners = (emitter) => emitter.eventNames().map((name) => [emitter, name, emitter.rawListeners(name)]);
let calm = null;

process.on('message', async ({ words, env, mark }) => {
  calm ??= awake();
  const before = [process, process.stdout, process.stderr].flatMap(listeners);
  process.env = { ...env };
  const code = await main(words);
  while (awake() !== calm) await setImmediate();
  // What a command listens to for as long as its process lives ends with it.
  for (const emitter of [process, process.stdout, process.stderr]) {
    for (const name of emitter.eventNames()) {
      const known = before.find(([of, event]) => of === emitter && event === name)?.[2] ?? [];
      for (const listener of emitter.rawListeners(name)) if (!known.includes(listener)) emitter.off(name, listener);
    }
  }
  process.stdout.write(mark);
  process.stderr.write(mark);
  process.send({ code });
});
process.send('ready');
