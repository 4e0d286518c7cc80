/** A real browser for a test file. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's; CHROMIUM names another. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Registers its start and its end; gives it from `beforeAll` on. */
export function useBrowser(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    if (!existsSync(executablePath)) {
      throw new Error(`There is no browser at ${executablePath}: apt-get install chromium, or set CHROMIUM.`);
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());
  return () => browser;
}
