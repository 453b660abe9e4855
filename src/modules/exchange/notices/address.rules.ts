/** Ports on which receivers of webhooks are looked for. */
const PORTS: readonly string[] = ['', '443', '8443'];
const URL_MAX = 1_000;

/** Where a webhook may go; `isAllowedHost`: the operator has named this host, so that it may be of the own network, and over http. */
export type Address = { readonly url: URL; readonly isAllowedHost: boolean; readonly fault: null } | { readonly url: null; readonly isAllowedHost: false; readonly fault: string };

const faulty = (fault: string): Address => ({ url: null, isAllowedHost: false, fault });

/** Reads the address of a webhook as the platform's own parser does, which is the one that connects. Faults: `webhook.url_*`. */
export function webhookAddress(text: string, allowed: readonly string[]): Address {
  if (text.length > URL_MAX || !URL.canParse(text)) return faulty('webhook.url_unreadable');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return faulty('webhook.url_credentials');
  if (url.hash !== '') return faulty('webhook.url_unreadable');
  const isAllowedHost = allowed.includes(url.hostname.toLowerCase()) || allowed.includes(url.host.toLowerCase());
  if (url.protocol !== 'https:' && !(isAllowedHost && url.protocol === 'http:')) return faulty('webhook.url_not_https');
  if (!isAllowedHost && !PORTS.includes(url.port)) return faulty('webhook.url_port');
  if (!isAllowedHost && isLiteral(url.hostname) && !isPublicAddress(literalOf(url.hostname))) return faulty('webhook.url_private');
  if (!isAllowedHost && !isLiteral(url.hostname) && isOwnName(url.hostname)) return faulty('webhook.url_private');
  return { url, isAllowedHost, fault: null };
}

const literalOf = (host: string): string => host.replace(/^\[|\]$/g, '');
const isLiteral = (host: string): boolean => host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
const isOwnName = (host: string): boolean => !host.includes('.') || /\.(localhost|local|internal|home\.arpa|lan|test|invalid|onion)\.?$/i.test(host);

// IANA's registries of special-purpose addresses: what is not for everybody on the internet.
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
// Of IPv6 only 2000::/3 is for everybody, and of that not what carries an IPv4 address inside or is for documents.
const SPECIAL_V6: readonly (readonly [string, number])[] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['2620:4f:8000::', 48], ['3fff::', 20]];

function valueV4(address: string): bigint | null {
  const parts = address.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function valueV6(address: string): bigint | null {
  const text = address.toLowerCase();
  if (!/^[0-9a-f:.]{2,45}$/.test(text)) return null;
  const lastColon = text.lastIndexOf(':');
  const tail = text.slice(lastColon + 1);
  const embedded = tail.includes('.') ? valueV4(tail) : null;
  if (tail.includes('.') && embedded === null) return null;
  const hex = embedded === null ? text : `${text.slice(0, lastColon + 1)}${(embedded >> 16n).toString(16)}:${(embedded & 0xffffn).toString(16)}`;
  const halves = hex.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): string[] => (half === undefined || half === '' ? [] : half.split(':'));
  const [before, after] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...before, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => '0'), ...after];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return null;
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

const within = (value: bigint, base: bigint, bits: number, size: number): boolean => value >> BigInt(size - bits) === base >> BigInt(size - bits);

/** Whether anybody on the internet may have this address. What cannot be read is not public. */
export function isPublicAddress(address: string): boolean {
  const v4 = valueV4(address);
  if (v4 !== null) return !SPECIAL_V4.some(([base, bits]) => within(v4, valueV4(base) ?? 0n, bits, 32));
  const v6 = valueV6(address);
  if (v6 === null || v6 >> 125n !== 1n) return false;
  return !SPECIAL_V6.some(([base, bits]) => within(v6, valueV6(base) ?? 0n, bits, 128));
}
