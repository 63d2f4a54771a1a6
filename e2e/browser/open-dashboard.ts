import type { Browser, Page } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { test as base, expect } from '../system/system.ts'
import { goTo, MAIN, NOWHERE, openDashboard } from './dashboard-page.ts'

interface Open {
  readonly page: Page
  /** What the browser remembered when it was opened. */
  readonly stored: string
}

/** The page that the tests of this worker share. */
let shared: Open | undefined

/**
 * `dashboard` is a page of the dashboard that is signed in with the admin key and stays open for the tests of
 * a worker, each of which goes where it wants by {@link goTo}. A context and a load of its own take three
 * seconds of the processor on a busy machine. Tests about cookies, storage, clocks or loading take `page`.
 */
export const test = base.extend<{ dashboard: Page }>({
  dashboard: async ({ system, browser }, use, testInfo) => {
    let open = shared
    if (open === undefined || !(await isAsNew(open))) {
      await open?.page.context().close()
      open = await openNew(browser, system)
    }
    await use(open.page)
    // What a failed test has left is seen by no other.
    const isKept = testInfo.status === testInfo.expectedStatus
    await (isKept ? leave(open.page) : open.page.context().close())
    shared = isKept ? open : undefined
  },
})

async function openNew(browser: Browser, system: System): Promise<Open> {
  const page = await (await browser.newContext()).newPage()
  await openDashboard(page, system, NOWHERE)
  // The first page that comes takes no focus, and it must not be that of a test.
  await expect(page.locator(MAIN).getByRole('heading', { level: 1 })).toBeVisible()
  return { page, stored: await storedOn(page) }
}

/** Leaves the page as a new one is: what was typed, opened and said goes with its page of the dashboard. */
async function leave(page: Page): Promise<void> {
  for (const other of page.context().pages()) if (other !== page) await other.close()
  await page.unrouteAll({ behavior: 'wait' })
  for (const event of ['request', 'requestfinished', 'requestfailed'] as const) page.removeAllListeners(event)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 720 })
  await goTo(page, NOWHERE)
  await page.evaluate(() => {
    for (const close of document.querySelectorAll<HTMLElement>('.mantine-Notification-closeButton'))
      close.click()
  })
}

/** Whether nothing of a test before is left, such as an outage that is still said or another language. */
async function isAsNew({ page, stored }: Open): Promise<boolean> {
  if (page.isClosed() || new URL(page.url()).pathname !== `/admin${NOWHERE}`) return false
  await expect(page.locator(MAIN).getByRole('heading', { level: 1 })).toBeVisible()
  const isQuiet = await page.evaluate(() => {
    const left = document.querySelectorAll('[role="dialog"], dialog[open], .mantine-Notification-root')
    const alerts = [...document.querySelectorAll('[role="alert"]')].filter(
      (alert) => alert.textContent !== '',
    )
    return left.length + alerts.length === 0
  })
  return isQuiet && (await storedOn(page)) === stored
}

/** What the browser remembers of the dashboard, such as its colours. */
const storedOn = (page: Page) => page.evaluate(() => JSON.stringify(Object.entries(localStorage).sort()))
