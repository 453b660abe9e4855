/** An address of this application, or its first page: never a way to another host. */
export function ownAddress(text: string): string {
  if (!/^\/(?![/\\])/.test(text) || /[\\\p{Cc}]/u.test(text)) return '/';
  const url = new URL(text, 'http://here');
  return url.host === 'here' && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
