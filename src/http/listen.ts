import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface Listening {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** How long requests in flight may take to end once we have been asked to stop. */
const GRACE_MS = 10_000;
const HEADERS_TIMEOUT_MS = 60_000;
/** A packet of 256 MB on a line of a few megabits takes minutes; whoever sends a byte now and then is cut off all the same. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;

/** Listens. `close` takes no new requests, lets those in flight end within the grace period, then cuts what is left. */
export async function listen(app: Express, where: { host: string; port: number }): Promise<Listening> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = where.host === '0.0.0.0' || where.host === '::' ? 'localhost' : where.host;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => new Promise<void>((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    }),
  };
}
