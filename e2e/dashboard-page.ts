import type { Page } from '@playwright/test'
import { axeOn } from './axe.ts'
import { expect, type System } from './system.ts'

/** Opens a page of the dashboard with the admin key. */
export async function openDashboard(page: Page, system: System, path: string): Promise<void> {
  await page.goto(`${system.url}/admin${path}`)
  await page.getByLabel('Admin key').fill(system.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeAttached()
  // Lists hold still under the pointer.
  await page.mouse.move(0, 0)
}

const WIDTHS = [1280, 768, 360]
const RULES_ABOUT_COLOURS = ['color-contrast', 'link-in-text-block']
/** WCAG 1.4.10: nothing scrolls sideways at this width. */
const NARROWEST = 320

/**
 * axe finds no fault on the current page, light and dark, wide and narrow, and nothing overflows the screen.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      const axe = (await axeOn(page)).options({ resultTypes: ['violations'] }).exclude('iframe')
      // Only colours differ in the dark.
      if (colorScheme === 'dark') axe.withRules(RULES_ABOUT_COLOURS)
      else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      const { violations } = await axe.analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      expect(found, `${colorScheme} at ${width} px`).toEqual([])
      await expectToFit(page, width)
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: 800 })
  await expectToFit(page, NARROWEST)
  if (before !== null) await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: 'light' })
}

/** What floats, such as a menu, follows its button a moment after a change of the width. */
async function expectToFit(page: Page, width: number): Promise<void> {
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await expect.poll(overflow, { message: `wider than ${width} px` }).toBeLessThanOrEqual(0)
}
