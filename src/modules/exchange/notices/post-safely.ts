import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress, webhookAddress } from './address.rules.ts';

/** What came of posting: a status, or a code of why there is none. Nothing of the answer but its status and how long to wait is looked at. */
export type Posted = { readonly status: number; readonly retryAfterS: number | null; readonly code: null } | { readonly status: null; readonly retryAfterS: null; readonly code: string };

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowed: readonly string[];
  readonly now: Date;
  /** How names become addresses. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MAX_S = 24 * 3_600;
const HEADER_BYTES_MAX = 16_384;

const failed = (code: string): Posted => ({ status: null, retryAfterS: null, code });
const resolveByDns = async (host: string): Promise<string[]> => (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Posts to an address that somebody outside has chosen. The name is resolved once and the connection goes to an address that was looked at,
 * so that no second answer leads elsewhere; one private address among several refuses them all. No redirect is followed, no proxy and no
 * connection of before is used, and everything together ends in time.
 */
export async function postSafely(post: Post): Promise<Posted> {
  const { url, isAllowedHost, fault } = webhookAddress(post.url, post.allowed);
  if (fault !== null) return failed(fault);
  const deadline = AbortSignal.timeout(post.timeoutMs ?? TIMEOUT_MS);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  let addresses: readonly string[];
  try {
    addresses = isIP(host) !== 0 ? [host] : await withinTime(post.resolve?.(host) ?? resolveByDns(host), deadline);
  } catch {
    return failed(deadline.aborted ? 'webhook.timed_out' : 'webhook.name_unknown');
  }
  const [address] = addresses;
  if (address === undefined) return failed('webhook.name_unknown');
  if (!isAllowedHost && !addresses.every(isPublicAddress)) return failed('webhook.address_private');
  return send(url, address, post, deadline);
}

async function withinTime<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Error('timed out')), { once: true });
    work.then(resolve, reject);
  });
}

function send(url: URL, address: string, post: Post, deadline: AbortSignal): Promise<Posted> {
  const bytes = Buffer.from(post.body, 'utf8');
  const options: RequestOptions = {
    method: 'POST', agent: false, signal: deadline, maxHeaderSize: HEADER_BYTES_MAX,
    headers: { ...post.headers, 'content-type': 'application/json', 'content-length': String(bytes.length), 'user-agent': 'puente', connection: 'close' },
    lookup: (_host, wanted, done) => {
      const family = isIP(address);
      if (wanted.all) (done as unknown as (error: null, all: { address: string; family: number }[]) => void)(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      resolve(answerOf(response, post.now));
      // Whatever else it would say is not read.
      response.destroy();
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(failed(codeOf(error, deadline))));
    request.end(bytes);
  });
}

function codeOf(error: NodeJS.ErrnoException, deadline: AbortSignal): string {
  if (deadline.aborted) return 'webhook.timed_out';
  if (error.code === 'ECONNREFUSED' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH') return 'webhook.not_reached';
  if (/CERT|TLS|SSL|ALTNAME|SIGNATURE/i.test(error.code ?? '')) return 'webhook.certificate';
  return 'webhook.broken_off';
}

function answerOf({ statusCode, headers }: IncomingMessage, now: Date): Posted {
  const given = headers['retry-after'] ?? '';
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) : Math.ceil((Date.parse(given) - now.getTime()) / 1000);
  const retryAfterS = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, RETRY_AFTER_MAX_S) : null;
  return { status: statusCode ?? 0, retryAfterS, code: null };
}
