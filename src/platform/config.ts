import { isAbsolute, resolve } from 'node:path';
import { AppError } from './errors.ts';
import type { Finding } from './errors.ts';

/**
 * Everything the environment can say, read once and frozen. This is the only file that may look at `process.env`
 * (lint forbids it elsewhere). The table of settings in the README is printed from `SETTINGS` by `npm run settings`.
 */
export interface Config {
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly keys: string | null;
  readonly agency: string;
  readonly language: Language;
  readonly logLevel: string;
  readonly publicUrl: string | null;
  /** 0: no SFTP. */
  readonly sftpPort: number;
  readonly sftpHost: string;
  readonly trustProxyHops: number;
  /** Folders below which the operator allows pick-up folders outside of the data directory. */
  readonly pickupRoots: readonly string[];
  /** `host` or `host:port`: to these a webhook may go over http and to private addresses. */
  readonly webhookAllow: readonly string[];
  /** The server that takes our mail, and in whose name it goes. Null: none is sent. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  /** How long a draft of a partner's office is kept after it was saved last. */
  readonly draftDays: number;
  readonly mode: 'production' | 'development' | 'test';
}

export const LANGUAGES = ['en', 'es-MX', 'ko-KR'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly purpose: string;
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
}

const isUrlOf = (...protocols: string[]) => (text: string) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
const isIntegerIn = (low: number, high: number) => (text: string) => /^\d{1,6}$/.test(text) && Number(text) >= low && Number(text) <= high;
const isOneOf = (...values: string[]) => (text: string) => values.includes(text);

const MAIL_ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}$/;

export const SETTINGS: readonly Setting[] = [
  { name: 'DATABASE_URL', fallback: '', purpose: 'PostgreSQL 15 or later, as the role that the application uses (it owns nothing). Unset: an embedded PostgreSQL starts by itself.', expected: 'postgres://…', accepts: isUrlOf('postgres:', 'postgresql:') },
  { name: 'DATABASE_OWNER_URL', fallback: '', purpose: 'The role that owns the tables and runs migrations; read by `puente migrate` and on start.', expected: 'postgres://…', accepts: isUrlOf('postgres:', 'postgresql:') },
  { name: 'PUENTE_DATA_DIR', fallback: './.puente', purpose: 'Where the embedded database, kept files and development keys live.', expected: 'a path', accepts: (text) => text.trim() !== '' },
  { name: 'PUENTE_KEYS', fallback: '', purpose: 'File of versioned keys. Required with `DATABASE_URL`; without it development keys are made in the data directory.', expected: 'a path', accepts: (text) => text.trim() !== '' },
  { name: 'PORT', fallback: '3000', purpose: 'Port of the web page; 0 picks a free one.', expected: '0–65535', accepts: isIntegerIn(0, 65_535) },
  { name: 'PUENTE_HOST', fallback: '127.0.0.1', purpose: 'Address on which the web page listens.', expected: 'an address', accepts: (text) => /^[0-9a-zA-Z.:-]{1,255}$/.test(text) },
  { name: 'PUENTE_SFTP_PORT', fallback: '0', purpose: 'Port of the SFTP server for partners; 0 for none.', expected: '0–65535', accepts: isIntegerIn(0, 65_535) },
  { name: 'PUENTE_SFTP_HOST', fallback: '127.0.0.1', purpose: 'Address on which the SFTP server listens.', expected: 'an address', accepts: (text) => /^[0-9a-zA-Z.:-]{1,255}$/.test(text) },
  { name: 'PUENTE_PUBLIC_URL', fallback: '', purpose: 'Address under which users reach the page (https behind a proxy); makes cookies `Secure`.', expected: 'https://… or http://…', accepts: isUrlOf('https:', 'http:') },
  { name: 'PUENTE_TRUST_PROXY_HOPS', fallback: '0', purpose: 'How many proxies in front may be believed about the client address.', expected: '0–5', accepts: isIntegerIn(0, 5) },
  { name: 'PUENTE_PICKUP_ROOTS', fallback: '', purpose: 'Folders, separated by `:`, below which pick-up folders may lie besides those in the data directory.', expected: 'absolute paths, separated by :', accepts: (text) => text.split(':').every((path) => isAbsolute(path) && path !== '/') },
  { name: 'PUENTE_WEBHOOK_ALLOW', fallback: '', purpose: 'Hosts, separated by commas, to which webhooks may go over http and to private addresses; to all others only https and public addresses.', expected: 'host or host:port, separated by commas', accepts: (text) => text.split(',').every((host) => /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i.test(host.trim())) },
  { name: 'PUENTE_SMTP_URL', fallback: '', purpose: 'Mail server for notices to partners. Unset: none are sent.', expected: 'smtps://… or smtp://…', accepts: isUrlOf('smtp:', 'smtps:') },
  { name: 'PUENTE_MAIL_FROM', fallback: '', purpose: 'Address in whose name notices go; needed with `PUENTE_SMTP_URL`.', expected: 'an e-mail address', accepts: (text) => MAIL_ADDRESS.test(text) },
  { name: 'PUENTE_DRAFT_DAYS', fallback: '30', purpose: 'Days for which a partner’s unfinished application is kept after it was saved last.', expected: '1–365', accepts: isIntegerIn(1, 365) },
  { name: 'PUENTE_AGENCY', fallback: 'us-ca', purpose: 'The tenant whose data this process works on.', expected: 'lower-case letters, digits and hyphens', accepts: (text) => /^[a-z][a-z0-9-]{1,30}$/.test(text) },
  { name: 'PUENTE_LANGUAGE', fallback: 'en', purpose: 'Language of the command line.', expected: LANGUAGES.join(', '), accepts: isOneOf(...LANGUAGES) },
  { name: 'PUENTE_LOG_LEVEL', fallback: 'info', purpose: 'Least severity that is logged.', expected: 'fatal, error, warn, info, debug, trace, silent', accepts: isOneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent') },
  { name: 'NODE_ENV', fallback: 'development', purpose: '`production` turns on what only makes sense there.', expected: 'production, development, test', accepts: isOneOf('production', 'development', 'test') },
];

/** Reads the process's own environment. @throws AppError `config.invalid` with a finding for every fault. */
export function configFromEnvironment(): Config {
  return loadConfig(process.env);
}

/** The environment for a child process of ours, with some settings replaced. */
export function environmentWith(changes: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...changes };
}

/** Validates an environment. All faults are reported together. @throws AppError `config.invalid`. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const findings: Finding[] = [];
  const values = new Map<string, string>();
  for (const setting of SETTINGS) {
    const given = env[setting.name]?.trim() ?? '';
    const text = given === '' ? setting.fallback : given;
    if (text !== '' && !setting.accepts(text)) {
      findings.push({ code: 'config.value', severity: 'block', path: setting.name, params: { expected: setting.expected } });
    }
    values.set(setting.name, text);
  }
  const textOf = (name: string) => values.get(name) ?? '';
  const orNull = (name: string) => (textOf(name) === '' ? null : textOf(name));
  if (orNull('DATABASE_URL') && !orNull('PUENTE_KEYS')) {
    findings.push({ code: 'config.keys_required', severity: 'block', path: 'PUENTE_KEYS' });
  }
  if (orNull('DATABASE_OWNER_URL') && !orNull('DATABASE_URL')) {
    findings.push({ code: 'config.owner_without_database', severity: 'block', path: 'DATABASE_OWNER_URL' });
  }
  if (orNull('PUENTE_SMTP_URL') && !orNull('PUENTE_MAIL_FROM')) {
    findings.push({ code: 'config.mail_from_required', severity: 'block', path: 'PUENTE_MAIL_FROM' });
  }
  if (findings.length > 0) throw new AppError('invalid', 'config.invalid', { findings });
  return Object.freeze({
    databaseUrl: orNull('DATABASE_URL'),
    databaseOwnerUrl: orNull('DATABASE_OWNER_URL'),
    dataDir: absolute(textOf('PUENTE_DATA_DIR')),
    port: Number(textOf('PORT')),
    host: textOf('PUENTE_HOST'),
    keys: orNull('PUENTE_KEYS') && absolute(textOf('PUENTE_KEYS')),
    pickupRoots: Object.freeze((orNull('PUENTE_PICKUP_ROOTS') ?? '').split(':').filter((path) => path !== '')),
    agency: textOf('PUENTE_AGENCY'),
    language: textOf('PUENTE_LANGUAGE') as Language,
    logLevel: textOf('PUENTE_LOG_LEVEL'),
    publicUrl: orNull('PUENTE_PUBLIC_URL'),
    sftpPort: Number(textOf('PUENTE_SFTP_PORT')),
    sftpHost: textOf('PUENTE_SFTP_HOST'),
    trustProxyHops: Number(textOf('PUENTE_TRUST_PROXY_HOPS')),
    webhookAllow: Object.freeze(textOf('PUENTE_WEBHOOK_ALLOW').toLowerCase().split(',').map((host) => host.trim()).filter((host) => host !== '')),
    smtpUrl: orNull('PUENTE_SMTP_URL'),
    mailFrom: orNull('PUENTE_MAIL_FROM'),
    draftDays: Number(textOf('PUENTE_DRAFT_DAYS')),
    mode: textOf('NODE_ENV') as Config['mode'],
  });
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
