import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What the builder evaluates where axe is there already. */
const NOTHING = ';'

/**
 * axe for a page without frames to look into. Its script is half a megabyte, and the builder evaluates it
 * twice for each look. That and a page of its own for the results took as long as the looks.
 */
export async function axeOn(page: Page): Promise<AxeBuilder> {
  const isThere = await page.evaluate(() => 'axe' in globalThis)
  // Without frames to join, the results need no page of their own.
  return new AxeBuilder({ page, ...(isThere ? { axeSource: NOTHING } : {}) }).setLegacyMode()
}
