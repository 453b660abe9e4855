import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
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

/** A real Chromium with a profile of its own, watched for console messages and foreign requests. */
export async function openVisitor(ownUrl: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const { path, reason } = ensureChromium();
  if (!path) throw new Error(reason);
  const profile = mkdtempSync(join(tmpdir(), 'puente-browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: path, args: FLAGS, acceptDownloads: true, ...options });
  const page = context.pages()[0] ?? (await context.newPage());
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
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
