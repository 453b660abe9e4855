import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

it.each([['same-origin', 'br'], ['none', 'br'], ['cross-site', undefined], ['same-site', undefined], ['', undefined]])('a page that was asked for from “%s” is sent as %s', async (from, encoding) => {
  const agent = await site.signedIn('attorney');
  const asked = agent.get('/cases?search=zzzz').set('Accept-Encoding', 'br, gzip').buffer(true).parse((res, done) => void (res as unknown as NodeJS.ReadableStream).resume().on('end', () => done(null, null)));
  const { status, headers } = await (from === '' ? asked : asked.set('Sec-Fetch-Site', from));
  expect([status, headers['content-encoding']]).toEqual([200, encoding]);
});

it('says that the answer depends on what the browser can read', async () => {
  const { headers } = await (await site.signedIn('attorney')).get('/cases').set('Sec-Fetch-Site', 'same-origin').set('Accept-Encoding', 'gzip');
  expect([headers['content-encoding'], headers['vary']]).toEqual(['gzip', expect.stringContaining('Accept-Encoding')]);
});
