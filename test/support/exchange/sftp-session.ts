import type { Client as SshClient, SFTPWrapper } from 'ssh2';

/** What a partner's program does with its SFTP library. Whatever is under way fails when the connection goes. */
export interface SftpSession {
  readonly raw: SFTPWrapper;
  put(path: string, bytes: Buffer): Promise<void>;
  get(path: string): Promise<Buffer>;
  list(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
}

type Told<T> = (error: Error | null | undefined, value: T) => void;

export async function sftpSession(client: SshClient): Promise<SftpSession> {
  let isGone = false;
  const leave: (() => void)[] = [];
  client.once('close', () => {
    isGone = true;
    for (const one of leave.splice(0)) one();
  });
  const asked = <T>(ask: (told: Told<T>) => unknown): Promise<T> => new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('the connection is gone'));
    if (isGone) return lost();
    leave.push(lost);
    ask((error, value) => {
      leave.splice(leave.indexOf(lost), 1);
      if (error) reject(error);
      else resolve(value);
    });
  });
  const raw = await asked<SFTPWrapper>((told) => client.sftp(told));
  return {
    raw,
    put: (path, bytes) => asked<void>((told) => raw.writeFile(path, bytes, told as never)),
    get: (path) => asked<Buffer>((told) => raw.readFile(path, told as never)),
    list: async (path) => (await asked<{ filename: string }[]>((told) => raw.readdir(path, told as never))).map(({ filename }) => filename),
    rename: (from, to) => asked<void>((told) => raw.rename(from, to, told as never)),
  };
}
