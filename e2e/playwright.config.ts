import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** Debian's browser where there is one; elsewhere the one that Playwright fetched. */
const CHROMIUM = '/usr/bin/chromium'
/** Six hosts have 18 programs, which take their time on a busy machine. */
const ON_HOSTS = process.env.EMAILAUTH_E2E_HOSTS === '1'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // It ends what hangs. A test waits for conditions, which may take minutes on a busy machine.
  timeout: ON_HOSTS ? 600_000 : 300_000,
  expect: { timeout: ON_HOSTS ? 30_000 : 20_000 },
  // Each worker starts a system of its own, which serves all its tests; addresses are each test's own.
  workers: ON_HOSTS ? 1 : 2,
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
    // Snapshots of the page at each step. A film of it takes more time than the tests do.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
})
