import { createServer } from 'node:net';
import { join } from 'node:path';
import { programsFolder } from './binaries.ts';
import { APP_ROLE, DATABASE, OWNER_ROLE, ensureCluster, ensureRunning, stopServer } from './cluster.ts';
import type { Credentials } from './cluster.ts';
import { countLeases, dropLease, takeLease } from './leases.ts';
import { controlFolder, locate } from './location.ts';
import { withLock, withLockSync } from './lock.ts';

export interface EmbeddedServer {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly adminUrl: string;
  /** Starts the server again, on the same port, if it was killed. */
  revive(): Promise<void>;
  /** Gives the server back; the last of all processes to do so stops it. May be called twice. */
  release(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The embedded PostgreSQL of a data directory, started if need be and shared with every other command on the same
 * directory: each holds a lease, the last one stops the server. Nothing is printed.
 */
export async function useEmbeddedServer(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedServer> {
  const control = controlFolder(dataDir);
  const lockPath = join(control, 'lock');
  const leaseFolder = join(control, 'leases');
  const ports = [await freePort(), await freePort(), await freePort()];
  const begun = await withLock(lockPath, () => {
    countLeases(leaseFolder);
    const lease = takeLease(leaseFolder);
    try {
      const location = locate(dataDir);
      const programs = programsFolder(location.user, dataDir);
      const credentials = ensureCluster(location, programs);
      return { lease, location, programs, credentials, port: ensureRunning(location, programs, ports, settings) };
    } catch (error) {
      dropLease(lease);
      throw error;
    }
  });
  const giveBack = (): void => {
    dropLease(begun.lease);
    if (countLeases(leaseFolder) === 0) stopServer(begun.location, begun.programs);
  };
  const release = releaseOnce(lockPath, giveBack);
  const revive = (): Promise<void> => withLock(lockPath, () => void ensureRunning(begun.location, begun.programs, [begun.port], settings));
  return { ...urls(begun.credentials, begun.port), revive, release };
}

/** The server is given back however the process ends, short of `kill -9`. */
function releaseOnce(lockPath: string, giveBack: () => void): () => Promise<void> {
  let isReleased = false;
  const atExit = (): void => {
    if (isReleased) return;
    isReleased = true;
    withLockSync(lockPath, giveBack);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // Someone else also listens: they end the process in their own way, and `exit` comes by here.
    if (process.listenerCount(signal) > process.listeners(signal).filter((listener) => OURS.has(listener)).length) return;
    atExit();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  OURS.add(onSignal);
  process.on('exit', atExit);
  // First in line: a listener for one time that comes before ours would already be gone from the count above.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  return async () => {
    if (isReleased) return;
    isReleased = true;
    process.off('exit', atExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    OURS.delete(onSignal);
    await withLock(lockPath, giveBack);
  };
}

const OURS = new Set<unknown>();

function urls(credentials: Credentials, port: number): { appUrl: string; ownerUrl: string; adminUrl: string } {
  const url = (role: string, password: string, database: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  return {
    appUrl: url(APP_ROLE, credentials.app, DATABASE),
    ownerUrl: url(OWNER_ROLE, credentials.owner, DATABASE),
    adminUrl: url('puente_admin', credentials.admin, 'postgres'),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
