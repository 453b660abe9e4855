import { request, Agent } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly type: string;
  /** As it was sent, headers not counted. */
  readonly sentBytes: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** One person's browser: a cookie jar, kept connections, and no more. */
export class WebVisitor {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #cookies = new Map<string, string>();
  constructor(base: string) {
    this.#base = new URL(base);
  }

  get(path: string, timeoutMs = 60_000): Promise<Answer> {
    return this.#ask('GET', path, null, timeoutMs);
  }

  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#ask('POST', path, new URLSearchParams(form).toString(), 60_000);
  }

  async signIn(userName: string, password: string): Promise<void> {
    const { text } = await this.get('/sign-in');
    const hidden = Object.fromEntries([...text.matchAll(/<input type="hidden" name="([\w-]+)" value="([^"]*)"/g)].map((match) => [match[1] as string, match[2] as string]));
    const { status } = await this.post('/sign-in', { ...hidden, user_name: userName, password, next: '/' });
    if (status !== 303) throw new Error(`${userName} could not sign in: ${status}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(method: string, path: string, body: string | null, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const begin = performance.now();
      const sent = request({
        agent: this.#agent, method, host: this.#base.hostname, port: this.#base.port, path, timeout: timeoutMs,
        headers: {
          'accept-encoding': 'br, gzip', 'sec-fetch-site': 'same-origin', 'accept': 'text/html', 'accept-language': 'en', 'cookie': [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)), 'origin': this.#base.origin }),
        },
      }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          for (const line of res.headers['set-cookie'] ?? []) {
            const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
            this.#cookies.set(name, value);
          }
          const bytes = Buffer.concat(chunks);
          const encoding = res.headers['content-encoding'];
          const plain = encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
          const type = String(res.headers['content-type'] ?? '');
          resolve({
            status: res.statusCode ?? 0, location: res.headers.location ?? null, type, sentBytes: bytes.length,
            text: type.startsWith('text/') ? plain.toString() : '', milliseconds: performance.now() - begin,
          });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('timeout')));
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }
}
