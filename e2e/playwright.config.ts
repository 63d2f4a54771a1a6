import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** Debian's browser where there is one; elsewhere the one that Playwright fetched. */
const CHROMIUM = '/usr/bin/chromium'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // Generous: axe looks at a page twelve times, and the machine may be busy.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // One system serves all tests of a worker; addresses are each test's own.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    launchOptions: {
      ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-sync',
      ],
    },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
})
