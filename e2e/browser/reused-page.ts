import type { Browser, BrowserContextOptions, Page, TestInfo, ViewportSize } from '@playwright/test'

/** Playwright's own. */
const VIEWPORT = { width: 1280, height: 720 }

/**
 * A fixture for tests that each load what they need: one page for those of a worker. A context and a page of
 * its own take half a second of the processor. What a test leaves on it, such as a choice that is remembered,
 * is taken back; a clock and scripts of a test cannot be, so such a test takes a page of its own.
 */
export function reusedPage(options: BrowserContextOptions = {}) {
  let reused: Page | undefined
  return async (
    { browser }: { browser: Browser },
    use: (page: Page) => Promise<void>,
    testInfo: TestInfo,
  ): Promise<void> => {
    const page = reused ?? (await (await browser.newContext(options)).newPage())
    await use(page)
    const isKept = testInfo.status === testInfo.expectedStatus && !page.isClosed()
    await (isKept ? reset(page, options.viewport ?? VIEWPORT) : page.context().close())
    reused = isKept ? page : undefined
  }
}

async function reset(page: Page, viewport: ViewportSize): Promise<void> {
  for (const other of page.context().pages()) if (other !== page) await other.close()
  await page.unrouteAll({ behavior: 'wait' })
  if (page.url().startsWith('http'))
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
  await page.context().clearCookies()
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(viewport)
  // A page that stays open goes on asking its server.
  await page.goto('about:blank')
}
