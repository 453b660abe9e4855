import ssh2 from 'ssh2';
import type { AuthContext, Connection, PublicKeyAuthContext } from 'ssh2';
import { sftpActor } from '../modules/identity/index.ts';
import type { Actor, Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { LIMITS } from './limits.ts';

const ALLOWED = new Set(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']);

/** Lets in whoever proves a key of a partner's, and nobody by any other way. `check` asks again whether the key still holds. */
export function signIn(client: Connection, ctx: Ctx, address: string, welcome: (actor: Actor, check: () => Promise<void>) => void): void {
  let attempts = 0;
  let proven: { actor: Actor; check: () => Promise<void> } | null = null;
  client.on('authentication', (auth: AuthContext) => {
    attempts += 1;
    if (attempts > LIMITS.signInAttempts) return void client.end();
    if (auth.method !== 'publickey') return auth.reject(['publickey']);
    prove(ctx, auth, address).then((actor) => {
      if (actor === null) return auth.reject(['publickey']);
      if (auth.signature) proven = { actor, check: async () => { await sftpActor(ctx, auth.username, auth.key.data, address); } };
      auth.accept();
    }).catch((error: unknown) => {
      ctx.log.error({ err: error }, 'sftp.sign_in_failed');
      client.end();
    });
  });
  client.once('ready', () => {
    if (proven) welcome(proven.actor, proven.check);
    else client.end();
  });
}

/** A client asks first whether a key would do, then signs with it: the same answer to both, and the signature besides. */
async function prove(ctx: Ctx, auth: PublicKeyAuthContext, address: string): Promise<Actor | null> {
  const { algo, data } = auth.key;
  // Without a newer hash an RSA signature would be one of SHA-1.
  if (!ALLOWED.has(algo) || (algo === 'ssh-rsa' && auth.hashAlgo === undefined)) return null;
  const actor = await sftpActor(ctx, auth.username, data, address).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'unauthenticated') return null;
    throw error;
  });
  if (actor === null || auth.signature === undefined) return actor;
  const key = ssh2.utils.parseKey(`${algo} ${data.toString('base64')}`);
  if (key instanceof Error || auth.blob === undefined) return null;
  return key.verify(auth.blob, auth.signature, auth.hashAlgo) === true ? actor : null;
}
