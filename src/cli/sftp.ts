import { EXIT } from './command.ts';
import type { Command } from './command.ts';

/** What partners must know of our SFTP server before they come. */
export const sftpCommands: readonly Command[] = [
  {
    name: 'sftp fingerprint', describe: 'sftp:cli.fingerprint', needs: 'nothing',
    async run(io, _input, config) {
      const { openKeyRing } = await import('../platform/keys.ts');
      const { openHostKey } = await import('../sftp/index.ts');
      const { fingerprint, publicLine } = await openHostKey(config, await openKeyRing(config));
      io.say(fingerprint);
      io.say(io.words('sftp:cli.known_hosts'));
      io.say(publicLine);
      await io.json({ fingerprint, publicKey: publicLine });
      return EXIT.done;
    },
  },
];
