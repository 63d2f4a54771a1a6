import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build } from 'esbuild'
import { test as base, expect } from '../system/system.ts'
import { faultsOn } from './axe.ts'
import type { Probe } from './number-field/page.ts'
import { reusedPage } from './reused-page.ts'

const PERMISSIONS = ['clipboard-read', 'clipboard-write']
const test = base.extend<{ page: Page }>({ page: reusedPage({ permissions: PERMISSIONS }) })

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const css = await readFile(file('../../packages/react/dist/number-field.css'), 'utf8')

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file(`number-field/${entry}`)],
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return outputFiles[0]?.text ?? ''
}
const PAGES = { component: bundle('component-page.tsx'), element: bundle('element-page.ts') }

const probeOf = (page: Page) => page.evaluate(() => window.probe)
const answerWith = (page: Page, answer: Probe['answer']) =>
  page.evaluate((value) => {
    window.probe.answer = value
  }, answer)

/** Time stands still until the test lets it go on. */
async function stopClock(page: Page) {
  await page.clock.install({ time: '2026-01-01T00:00:00Z' })
  await page.clock.pauseAt('2026-01-01T00:01:00Z')
}

async function paste(page: Page, text: string) {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text)
  await page.keyboard.press('ControlOrMeta+v')
}

for (const kind of ['component', 'element'] as const) {
  test.describe(kind, () => {
    const open = async (page: Page, search = '?digits=8') => {
      const script = (await PAGES[kind]).replaceAll('</script', '<\\/script')
      // A script error fails the test, not only what it should have done.
      page.removeAllListeners('pageerror')
      page.on('pageerror', (error) => expect(error).toBeUndefined())
      const head = `<meta name="viewport" content="width=device-width"><title>Sign in</title><style>:root { color-scheme: light dark; background: light-dark(#fff, #0d1117); color: light-dark(#000, #fff) } body { margin: 16px } ${css}</style>`
      const body = `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>Sign in</h1><div></div></main><script>${script}</script></body></html>`
      await page.route('http://localhost/**', (route) => route.fulfill({ contentType: 'text/html', body }))
      await page.goto(`http://localhost/${search}`)
    }
    const input = (page: Page) => page.getByRole('textbox')

    test('it says to phones and browsers what it is', async ({ page }) => {
      await open(page)
      const field = page.getByLabel('Code from the mail')
      await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
      await expect(field).toHaveAttribute('inputmode', 'numeric')
      await expect(field).toHaveAttribute('name', 'number')
    })

    test('digits are grouped as they are typed, and the caret stays where the person is', async ({
      page,
    }) => {
      await open(page)
      await input(page).pressSequentially('12345678')
      await expect(input(page)).toHaveValue('1234 5678')
      expect(await probeOf(page)).toMatchObject({ number: '12345678', completed: ['12345678'] })
      for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowLeft')
      // The space goes together with the digit before it.
      await page.keyboard.press('Backspace')
      await expect(input(page)).toHaveValue('1235 678')
      await page.keyboard.type('4')
      await expect(input(page)).toHaveValue('1234 5678')
      await page.keyboard.press('End')
      await page.keyboard.press('Backspace')
      await expect(input(page)).toHaveValue('1234 567')
      expect((await probeOf(page)).number).toBe('1234567')
    })

    test('a paste is read in any form', async ({ page }) => {
      await open(page)
      await input(page).pressSequentially('99')
      for (const text of [
        '12345678',
        ' 1234-5678\n',
        '１２３４　５６７８',
        'Your code is 1234 5678. It is valid for 10 minutes.',
        'Tu código:\n\n1234 5678\n\nVálido 10 minutos',
      ]) {
        await paste(page, text)
        await expect(input(page), text).toHaveValue('1234 5678')
        expect((await probeOf(page)).number).toBe('12345678')
        for (let press = 0; press < 7; press++) await page.keyboard.press('Backspace')
        await expect(input(page)).toHaveValue('1')
      }
    })

    test('half a number can be pasted behind the other half', async ({ page }) => {
      await open(page)
      await input(page).pressSequentially('1234')
      await paste(page, '5678')
      await expect(input(page)).toHaveValue('1234 5678')
    })

    test('what browsers fill in is read as a paste is', async ({ page }) => {
      await open(page, '?digits=6')
      await input(page).fill('123456')
      await expect(input(page)).toHaveValue('123 456')
    })

    test('letters stay, and are said to be wrong', async ({ page }) => {
      await open(page)
      await input(page).pressSequentially('12x')
      await expect(input(page)).toHaveValue('12x')
      await expect(page.getByRole('alert')).toHaveText('The code has digits only.')
      await expect(input(page)).toHaveAttribute('aria-invalid', 'true')
      await page.keyboard.press('Backspace')
      await expect(page.getByRole('alert')).toBeEmpty()
    })

    test('a problem is read out each time, and typing hides it', async ({ page }) => {
      await open(page)
      await input(page).pressSequentially('12345678')
      await page.keyboard.press('Enter')
      const alert = page.getByRole('alert')
      await expect(alert).toHaveText(/This code is not valid/)
      await expect(input(page)).toHaveAccessibleDescription(/This code is not valid/)
      const first = await alert.locator('span').elementHandle()
      await page.keyboard.press('Enter')
      // A live region is read again when a new node comes into it.
      await expect.poll(() => first?.evaluate((node) => node.isConnected)).toBe(false)
      await expect(alert).toHaveText(/This code is not valid/)
      expect((await probeOf(page)).sent).toEqual(['1234 5678', '1234 5678'])
      await page.keyboard.press('Backspace')
      await expect(alert).toBeEmpty()
      await expect(input(page)).toHaveAttribute('aria-invalid', 'false')
    })

    test('the mail can be asked for again when its time has come, and the focus stays', async ({
      context,
    }) => {
      const page = await context.newPage()
      await stopClock(page)
      await open(page)
      const button = page.getByRole('button', { name: 'Send the code again' })
      await expect(button).toHaveText('Send the code again in 30 s')
      await expect(button).toHaveAttribute('aria-disabled', 'true')
      // As a person on the keyboard does, who may press too early.
      await button.focus()
      await page.keyboard.press('Enter')
      expect((await probeOf(page)).resends).toBe(0)
      await page.clock.runFor(29_000)
      await expect(button).toHaveText('Send the code again in 1 s')
      await expect(page.getByRole('status')).toBeEmpty()
      await page.clock.runFor(1000)
      await expect(button).toHaveText('Send the code again')
      await expect(page.getByRole('status')).toHaveText('The code can be sent again now.')

      await answerWith(page, { retryAfterSeconds: 300 })
      await page.keyboard.press('Enter')
      await expect(page.getByRole('status')).toHaveText('The code was sent again.')
      await expect(button).toHaveText('Send the code again in 5:00 min')
      await expect(button).toBeFocused()
      expect((await probeOf(page)).resends).toBe(1)
    })

    test('a resend that is refused says why, and waits as long as the reply says', async ({ context }) => {
      const page = await context.newPage()
      await stopClock(page)
      await open(page)
      await page.clock.runFor(30_000)
      const button = page.getByRole('button', { name: 'Send the code again' })
      await answerWith(page, { code: 'RATE_LIMITED', retryAfterSeconds: 90 })
      await button.click()
      await expect(page.getByRole('alert')).toHaveText('Too many tries. Try again in 1:30 min.')
      await expect(button).toHaveText('Send the code again in 1:30 min')
      await page.clock.runFor(90_000)
      await answerWith(page, 'no network')
      await button.click()
      await expect(page.getByRole('alert')).toHaveText('That did not work. Try again.')
      await expect(button).toHaveAttribute('aria-disabled', 'false')
    })

    for (const [width, colorScheme, lang] of [
      [320, 'light', 'es'],
      [320, 'dark', 'en'],
      [1280, 'light', 'en'],
    ] as const) {
      test(`it is accessible at ${width} px, ${colorScheme}, ${lang}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 640 })
        await page.emulateMedia({ colorScheme })
        await open(page, `?digits=12&lang=${lang}`)
        const label = lang === 'es' ? 'Código del correo' : 'Code from the mail'
        await expect(page.getByLabel(label)).toBeVisible()
        await input(page).fill('123456789012')
        await page.keyboard.press('Enter')
        await expect(page.getByRole('alert')).not.toBeEmpty()
        expect(await faultsOn(page)).toEqual([])
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(overflow).toBeLessThanOrEqual(0)
        // All twelve digits and their spaces are seen at once.
        const hidden = await input(page).evaluate((node) => node.scrollWidth - node.clientWidth)
        expect(hidden).toBeLessThanOrEqual(0)
        const heights = await page
          .getByRole('button')
          .evaluateAll((all) => all.map((each) => each.clientHeight))
        expect(Math.min(...heights.slice(0, 1))).toBeGreaterThanOrEqual(44)
      })
    }
  })
}

test('a form from the server is used as it is', async ({ context }) => {
  const page = await context.newPage()
  const script = (await PAGES.element).replaceAll('</script', '<\\/script')
  const form = `<form method="post" action="/verify"><emailauth-number-field digits="8" resend-after="40"><label for="n">PIN</label><input id="n" name="pin" value="12345678" required><button data-resend form="r">Again!</button></emailauth-number-field><button>Go</button></form><form id="r" method="post" action="/resend"></form>`
  const posted: string[] = []
  await stopClock(page)
  await page.route('http://localhost/**', (route) => {
    const request = route.request()
    if (request.method() === 'POST') posted.push(`${new URL(request.url()).pathname} ${request.postData()}`)
    return route.fulfill({
      contentType: 'text/html',
      body: `<title>x</title><main>${form}</main><script>${script}</script>`,
    })
  })
  await page.goto('http://localhost/')
  const field = page.getByLabel('PIN')
  await expect(field).toHaveValue('1234 5678')
  await expect(field).toHaveAttribute('autocomplete', 'one-time-code')
  const again = page.locator('[data-resend]').first()
  await again.focus()
  await page.keyboard.press('Enter')
  expect(posted).toEqual([])
  await page.clock.runFor(40_000)
  await expect(again).toHaveText('Again!')
  await again.click()
  await expect.poll(() => posted).toEqual(['/resend null'])
  await page.getByLabel('PIN').press('Enter')
  await expect.poll(() => posted).toEqual(['/resend null', '/verify pin=1234+5678'])
})
