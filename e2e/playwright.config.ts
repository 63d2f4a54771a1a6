import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/**
 * Debian's browsers, the first that is there; elsewhere the one that Playwright fetched, which is a headless
 * shell too. The same tests take a quarter less of the processor in it than in all of Chromium.
 */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']
const browser = BROWSERS.find((file) => existsSync(file))
/** Six hosts have 18 programs, which take their time on a busy machine. */
const ON_HOSTS = process.env.EMAILAUTH_E2E_HOSTS === '1'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // The timeout ends what hangs. A test waits for conditions, which may take minutes on a busy machine.
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
    // Placeholders that pulse while a busy machine answers have three processes draw 60 times a second.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-sync',
      ],
    },
    // Without pictures and copies of the page at each step, which take a sixth of the tests' processor time.
    // `npx playwright test --trace retain-on-failure` keeps them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
})
