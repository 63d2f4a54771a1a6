import { expect, test } from '@playwright/test'
import { setColours } from './dashboard-page.ts'

// A browser that draws no frame for long, as one whose processes wait for a core, tells a page of no change.
test('a page that missed a change of the colours is told again', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setContent(`<html data-mantine-color-scheme="light"><script>
    let isMissed = false
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => {
      if (isMissed) document.documentElement.dataset.mantineColorScheme = matches ? 'dark' : 'light'
      isMissed = true
    })
  </script>`)
  await setColours(page, 'dark')
  expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
})
