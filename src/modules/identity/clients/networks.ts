import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Finding } from '../../../platform/errors.ts';

/** One address or block as it is kept (`203.0.113.0/24`, `2001:db8::/32`), or null. An address without a length is itself alone. */
export function readNetwork(text: string): string | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%') || /^::ffff:/i.test(address)) return null;
  const most = family === 4 ? 32 : 128;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  const bits = length === undefined ? most : Number(length);
  // A block of everything is no block: leave the list empty to say that.
  return bits >= 1 && bits <= most ? `${address.toLowerCase()}/${bits}` : null;
}

export function networkFindings(networks: readonly string[]): Finding[] {
  return networks.flatMap((text, at) => (readNetwork(text) === null ? [{ code: 'client.network_form', severity: 'block' as const, path: `/networks/${at}` }] : []));
}

/** Whether an address may come: any, where no block is named. What is no address may not, except where anybody may. */
export function isFrom(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true;
  const plain = withoutWrapping(address);
  if (isIP(plain) === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    list.addSubnet(base, Number(bits), isIPv4(base) ? 'ipv4' : 'ipv6');
  }
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** A server that listens on both families sees IPv4 as `::ffff:203.0.113.7`; a link-local address brings its interface. */
function withoutWrapping(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped ? (mapped[1] as string) : address.split('%', 1)[0] as string;
}
