import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { ensureChromium } from '../../test/browser/ensure-chromium.mjs';

const require = createRequire(import.meta.url);
const FONTS = ['@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf', '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  '@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf', '@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf'];

/** One warm browser that prints HTML as tagged PDF, with the fonts of our documents installed for it. */
export interface Printer {
  print(html: string): Promise<Buffer>;
  /** The same by a browser that is started for this document, as its command does. */
  printStarting(html: string): void;
  close(): Promise<void>;
}

/** Null where there is no browser, and why on standard error. */
export async function chromiumPrinter(): Promise<Printer | null> {
  const { path, reason } = ensureChromium();
  if (path === null) {
    console.error(reason);
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'puente-print-'));
  const folders = FONTS.map((file) => `<dir>${dirname(require.resolve(file))}</dir>`).join('');
  mkdirSync(join(folder, 'cache'));
  writeFileSync(join(folder, 'fonts.conf'), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders}<cachedir>${folder}/cache</cachedir></fontconfig>`);
  const browser: Browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'], env: { ...process.env as Record<string, string>, FONTCONFIG_FILE: join(folder, 'fonts.conf') } });
  const page = await browser.newPage();
  return {
    print: async (html) => {
      await page.setContent(html, { waitUntil: 'load' });
      return page.pdf({
        preferCSSPageSize: true, tagged: true, printBackground: true, displayHeaderFooter: true, headerTemplate: '<span></span>',
        footerTemplate: '<span style="font-size:7px"><span class="pageNumber"></span>/<span class="totalPages"></span></span>',
      });
    },
    printStarting: (html) => {
      writeFileSync(join(folder, 'page.html'), html);
      execFileSync(path, ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, `--print-to-pdf=${folder}/page.pdf`, `file://${folder}/page.html`],
        { stdio: 'ignore', env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') } });
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
