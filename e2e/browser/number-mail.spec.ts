import { createClient } from '@emailauth/client'
import type { Page } from '@playwright/test'
import { test as base, expect } from '../system/system.ts'
import { faultsOn } from './axe.ts'
import { reusedPage } from './reused-page.ts'

// The mail itself, as a browser's engine draws it; Apple Mail and most web mail have such an engine.

const test = base.extend<{ page: Page }>({ page: reusedPage() })

const RULES = { rules: ['color-contrast', 'html-has-lang', 'html-lang-valid', 'link-name'] }
const LINK = 'https://shop.example/login#{number}'
/** Other tests use the same tenant. */
const NONE = { linkTemplate: null, colour: null, senderName: null }

test.afterEach(async ({ system }) => {
  const admin = createClient({ url: system.url, apiKey: system.adminKey })
  await admin.updateTenant({ id: 'demo', settings: { mail: NONE } })
})

for (const width of [320, 600]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the mail is readable at ${width} px, ${colorScheme}, in scripts of either direction`, async ({
      system,
      page,
    }) => {
      const admin = createClient({ url: system.url, apiKey: system.adminKey })
      const name = 'A shop with a name of more than forty letters'
      const mail = { linkTemplate: LINK, colour: '#aa0000', senderName: name }
      await admin.updateTenant({ id: 'demo', settings: { mail } })
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      for (const locale of ['en', 'ar', 'ja']) {
        const preview = await admin.mailPreview('demo', locale)
        await page.setContent(preview?.html ?? '')
        const seen = await page.evaluate(() => {
          const code = document.querySelector('.number')
          const lightness = (element: Element) => {
            const [red = 0, green = 0, blue = 0] =
              getComputedStyle(element).backgroundColor.match(/\d+/g)?.map(Number) ?? []
            return (red + green + blue) / 765
          }
          return {
            code: code?.textContent?.trim(),
            codeDirection: code && getComputedStyle(code).direction,
            direction: getComputedStyle(document.documentElement).direction,
            scrollWidth: document.documentElement.scrollWidth,
            lightness: lightness(document.body),
          }
        })
        expect(seen.scrollWidth, locale).toBeLessThanOrEqual(width)
        expect(seen, locale).toMatchObject({
          code: '1234 5678 9012',
          codeDirection: 'ltr',
          direction: locale === 'ar' ? 'rtl' : 'ltr',
        })
        if (colorScheme === 'dark') expect(seen.lightness, locale).toBeLessThan(0.3)
        else expect(seen.lightness, locale).toBeGreaterThan(0.8)
        expect(await faultsOn(page, { only: RULES }), locale).toEqual([])
      }
    })
  }
}
