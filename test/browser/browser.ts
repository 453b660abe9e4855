import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { ensureChromium } from './ensure-chromium.mjs';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What no page may do: messages on the console, and requests to a host that is not ours. */
  readonly faults: string[];
  close(): Promise<void>;
}

let running: Promise<Browser> | null = null;
afterAll(async () => {
  await (await running)?.close();
});

/** A profile of its own in a real Chromium, watched for console messages and foreign requests. A test file has one Chromium, however many visit. */
export async function openVisitor(ownUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const { path, reason } = ensureChromium();
  if (!path) throw new Error(reason);
  const browser = await (running ??= chromium.launch({ executablePath: path, args: FLAGS }));
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') faults.push(`${response.status()} for ${response.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(ownUrl).origin && !['data:', 'blob:', 'chrome-extension:'].includes(url.protocol)) faults.push(`foreign request: ${url.host}`);
  });
  return {
    context, page, faults,
    close: async () => {
      if (browser.isConnected()) await context.close();
    },
  };
}
