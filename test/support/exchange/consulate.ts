import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import iconv from 'iconv-lite';
import ssh2 from 'ssh2';
import type { Client as SshClient } from 'ssh2';
import { messageToXml } from '../../../src/modules/exchange/index.ts';
import type { Message } from '../../../src/modules/exchange/index.ts';
import { RawSftp } from '../sftp/raw.ts';
import { sftpSession } from './sftp-session.ts';
import type { SftpSession } from './sftp-session.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly body: Said;
}

/** What answers hold, one or the other. */
export interface Said {
  readonly id?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly code?: string;
  readonly conversation?: string | null;
  readonly alreadyReceived?: boolean;
  readonly receipt?: { readonly id: string; readonly signed: string };
  readonly received?: Said;
  readonly errors?: readonly { readonly code: string; readonly pointer?: string; readonly detail?: string }[];
  readonly items?: readonly Listed[];
  readonly next?: string | null;
  readonly [more: string]: unknown;
}

/** A line of what lies ready, or of the receipts. */
export interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly messageId: string;
  readonly stage: string;
  readonly conversation: string | null;
  readonly inReplyTo: string | null;
  readonly agencyFileNumber: string | null;
  readonly hasFile: boolean;
  readonly sha256: string;
}

export type Parts = Readonly<Record<string, unknown>>;
export type Form = 'json' | 'xml' | 'windows-1252' | 'file';
export interface Hook { readonly headers: IncomingHttpHeaders; readonly body: string }

export interface ConsulateGiven {
  readonly url: string;
  readonly secret: string;
  readonly partnerId: string;
  readonly country: string;
  readonly name: string;
  /** How it numbers its files. */
  readonly fileNumber: string;
  readonly county: string;
  readonly sftp?: { readonly port: number; readonly privateKey: string };
  /** By its own watch. */
  readonly now: () => Date;
}

/**
 * A partner as it is: it has its credential, its key, a page and a server for webhooks, and nothing of the application's. It is slow, repeats itself, contradicts
 * itself, hangs up in the middle, never listens to the end, and writes as it did in 1998.
 */
export class Consulate {
  readonly given: ConsulateGiven;
  secret: string;
  readonly hooks: Hook[] = [];
  #serial = 0;
  #server: Server | null = null;
  readonly #ssh: SshClient[] = [];

  constructor(given: ConsulateGiven) {
    this.given = given;
    this.secret = given.secret;
  }

  /** A message under its own next id and serial, by its own watch. */
  message(body: Parts, header: Parts = {}): Parts {
    const { partnerId, country, fileNumber, name, county } = this.given;
    const now = this.given.now().toISOString();
    this.#serial += 1;
    return {
      version: '1.1', messageId: `${partnerId}-${randomUUID().slice(0, 12)}`, serial: String(this.#serial).padStart(12, '0'), sentAt: now, datedOn: now.slice(0, 10),
      from: { partnerId, country, fileNumber, name: [{ lang: country === 'KR' ? 'ko' : 'es-MX', value: name }] }, to: { county, name: [{ lang: 'en', value: 'County' }] }, ...header, ...body,
    };
  }

  /** The bytes of a message in a form. `windows-1252` is XML as old programs write it. */
  written(message: Parts, form: Form): { readonly bytes: Buffer; readonly type: string } {
    if (form === 'json' || form === 'file') return { bytes: Buffer.from(JSON.stringify(message), 'utf8'), type: form === 'file' ? 'application/octet-stream' : 'application/json' };
    const xml = Buffer.from(messageToXml(message as unknown as Message));
    if (form === 'xml') return { bytes: xml, type: 'application/xml' };
    return { bytes: iconv.encode(xml.toString('utf8').replace(/encoding="UTF-8"/i, 'encoding="windows-1252"'), 'win1252'), type: 'application/xml' };
  }

  async say(message: Parts, form: Form = 'json', headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const { bytes, type } = this.written(message, form);
    return form === 'file' ? this.upload('message.json', bytes, headers) : this.send('POST', '/messages', bytes, { 'content-type': type, ...headers });
  }

  /** A file as it is, under a key of its own unless it is given one. */
  upload(fileName: string, bytes: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return this.send('POST', `/files?fileName=${encodeURIComponent(fileName)}`, bytes, { 'content-type': 'application/octet-stream', 'idempotency-key': randomUUID(), ...headers });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return this.send('GET', path, null, headers);
  }

  send(method: string, path: string, bytes: Buffer | null, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const request = this.#request(method, path, bytes?.length ?? 0, headers).on('error', reject).on('response', (response) => { answerOf(response).then(resolve, reject); });
      request.end(bytes ?? undefined);
    });
  }

  /** Slow: a few bytes at a time, each only when the one before has left. */
  drip(message: Parts, form: Form = 'xml', size = 64): Promise<Answered> {
    const { bytes, type } = this.written(message, form);
    return new Promise((resolve, reject) => {
      const request = this.#request('POST', '/messages', bytes.length, { 'content-type': type }).on('error', reject).on('response', (response) => { answerOf(response).then(resolve, reject); });
      const next = (at: number): void => {
        if (at >= bytes.length) return void request.end();
        request.write(bytes.subarray(at, at + size), () => setImmediate(next, at + size));
      };
      next(0);
    });
  }

  /** Sends half of it and hangs up. Resolves when the connection is gone. */
  reset(message: Parts, form: Form = 'json'): Promise<void> {
    const { bytes, type } = this.written(message, form);
    return this.#cut(`POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.secret}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`, bytes.subarray(0, Math.floor(bytes.length / 2)));
  }

  /** Says the whole of it and hangs up before there can be an answer. */
  sayAndLeave(message: Parts, form: Form = 'json'): Promise<void> {
    const { bytes, type } = this.written(message, form);
    return this.#cut(`POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.secret}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`, bytes);
  }

  #cut(head: string, body: Buffer): Promise<void> {
    const { hostname, port } = new URL(this.given.url);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]), () => socket.destroy()));
      socket.on('error', () => undefined).on('close', () => resolve());
    });
  }

  /** Asks, and never reads the answer. Returns how to let go. */
  hang(path: string): Promise<{ leave(): void }> {
    const { hostname, port } = new URL(this.given.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.pause();
        socket.write(`GET /api/v1${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.secret}\r\n\r\n`, () => resolve({ leave: () => socket.destroy() }));
      });
      socket.on('error', reject);
    });
  }

  /** Everything that a list has, page by page. */
  async all(path: string): Promise<Listed[]> {
    const items: Listed[] = [];
    for (let after = ''; ;) {
      const page = await this.get(`${path}?limit=50${after}`);
      if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.bytes.toString('utf8')}`);
      items.push(...page.body.items ?? []);
      if (typeof page.body.next !== 'string') return items;
      after = `&after=${encodeURIComponent(page.body.next)}`;
    }
  }

  #request(method: string, path: string, length: number, headers: Readonly<Record<string, string>>): ClientRequest {
    const sized = length > 0 ? { 'content-length': String(length) } : {};
    return httpRequest(`${this.given.url}/api/v1${path}`, { method, agent: false, headers: { authorization: `Bearer ${this.secret}`, accept: 'application/json', ...sized, ...headers } });
  }

  /** Its own SFTP client; each call is a session of its own. */
  async sftp(): Promise<SftpSession> {
    return sftpSession(await this.#sign());
  }

  async #sign(): Promise<SshClient> {
    const { sftp, partnerId } = this.given;
    if (!sftp) throw new Error('it has no key');
    const client = new ssh2.Client();
    this.#ssh.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('ready', () => resolve()).on('error', reject);
      client.connect({ host: '127.0.0.1', port: sftp.port, username: partnerId, privateKey: sftp.privateKey });
    });
    return client;
  }

  /** Puts a file under a name of any bytes: what came from a Windows in Seoul is CP949. */
  async putUnder(name: Uint8Array, bytes: Uint8Array): Promise<number | null> {
    const raw = await RawSftp.open(await this.#sign());
    const handle = await raw.openFile(Buffer.concat([Buffer.from('/inbox/'), name]), 0x02 | 0x08 | 0x10);
    if (!Buffer.isBuffer(handle)) return handle;
    const written = await raw.put(handle, 0n, bytes);
    return written.status === 0 ? (await raw.close(handle)).status : written.status;
  }

  /** Listens for webhooks, and returns where. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => {
        this.hooks.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  }

  async leave(): Promise<void> {
    for (const client of this.#ssh.splice(0)) client.destroy();
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => { if (this.#server) this.#server.close(() => resolve()); else resolve(); });
  }
}

async function answerOf(response: IncomingMessage): Promise<Answered> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const isJson = String(response.headers['content-type']).includes('json');
  return { status: response.statusCode ?? 0, headers: response.headers, bytes, body: isJson ? JSON.parse(bytes.toString('utf8')) as Said : {} };
}
