import type { Locator } from '@playwright/test'
import { adminOf, expect, test } from '../system/system.ts'
import { expectAccessible, expectNarrowColours, goTo, openDashboard, setColours } from './dashboard-page.ts'

/** Colours of a badge on the screen, as red, green and blue, 0 to 255, and the opacity of its ground. */
async function coloursOf(badge: Locator) {
  return badge.evaluate((element) => {
    // Whatever notation the style has, a canvas says what it looks like.
    const paint = (colour: string) => {
      const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
      if (context === null) throw new Error('There is no canvas here.')
      context.fillStyle = colour
      context.fillRect(0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data]
    }
    const { color, backgroundColor } = getComputedStyle(element)
    return { text: paint(color), ground: paint(backgroundColor) }
  })
}

/** How far a colour is from grey: 0 for black, white and every grey. */
const colourfulness = ([red = 0, green = 0, blue = 0]: readonly number[]) =>
  Math.max(red, green, blue) - Math.min(red, green, blue)

test('test mode has a colour of its own wherever a test tenant is shown, in light and dark', async ({
  system,
  page,
}) => {
  const schemes = ['light', 'dark'] as const
  const inEach = async (look: (colorScheme: (typeof schemes)[number]) => Promise<unknown>) => {
    for (const colorScheme of schemes) {
      await setColours(page, colorScheme)
      await look(colorScheme)
    }
  }
  await openDashboard(page, system, '/overview?tenant=demo')
  const rail = page.getByRole('navigation', { name: 'Main' }).locator('..')
  const others = new Map<string, Awaited<ReturnType<typeof coloursOf>>>()
  await inEach(async (colorScheme) => {
    const development = rail.getByText('Development', { exact: true })
    await expect(development).toBeVisible()
    others.set(colorScheme, await coloursOf(development))
  })
  await expect(rail.getByText('Test mode', { exact: true })).toHaveCount(0)
  // Another admin's, after this page has read the tenants to choose from.
  await adminOf(system).createTenant({ id: 'shop-e2e', name: 'Shop, tested', testMode: true })

  const check = (badge: Locator, where: string) =>
    inEach(async (colorScheme) => {
      await expect(badge, where).toBeVisible()
      const { text, ground } = await coloursOf(badge)
      const shown = `${where}, ${colorScheme}`
      expect(ground[3], `${shown}: its ground is painted`).toBe(255)
      expect(colourfulness(text), `${shown}: its text has a colour`).toBeGreaterThan(30)
      expect(colourfulness(ground), `${shown}: its ground has a colour`).toBeGreaterThan(8)
      expect(text, `${shown}: not the colour of development`).not.toEqual(others.get(colorScheme)?.text)
      expect(ground, `${shown}: not the ground of development`).not.toEqual(others.get(colorScheme)?.ground)
    })
  await goTo(page, '/tenants')
  const row = page.getByRole('row').filter({ hasText: 'shop-e2e' })
  await check(row.getByText('Test mode', { exact: true }), 'list')
  await expect(page.getByRole('row').filter({ hasText: 'demo' }).getByText('Test mode')).toHaveCount(0)

  await goTo(page, '/tenants/shop-e2e')
  await check(page.getByRole('main').getByText('Test mode', { exact: true }).first(), 'tenant')

  await goTo(page, '/overview?tenant=shop-e2e')
  await check(rail.getByText('Test mode', { exact: true }), 'rail')
  await expect(rail.getByText('Development', { exact: true })).toHaveCount(0)
  await expectAccessible(page)
  await expectNarrowColours(page)
})
