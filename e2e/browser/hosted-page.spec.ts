import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EmailauthClient } from '@emailauth/client'
import type { Page } from '@playwright/test'
import { numberFor } from '../system/mails.ts'
import type { System } from '../system/running-system.ts'
import { adminOf, clientOf, expect, test } from '../system/system.ts'
import { faultsOn } from './axe.ts'

interface Shop {
  readonly returnUrl: string
  readonly client: EmailauthClient
  /** The query of each visit to the return URL, with what the exchange answered. */
  readonly visits: { readonly query: URLSearchParams; readonly token: string | undefined }[]
}

let shop: Shop
let server: Server

// An external server without a page of its own: it sends people to the hosted page, and exchanges results.
test.beforeAll(async ({ system }) => {
  const client = clientOf(system)
  const visits: Shop['visits'] = []
  server = createServer(async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://localhost')
    if (pathname !== '/back') return void response.writeHead(404).end()
    const identityId = query.get('identityId') ?? ''
    const exchanged = await client.exchange({ identityId, result: query.get('result') ?? '' })
    visits.push({ query, token: exchanged.__typename === 'Verified' ? exchanged.token : undefined })
    response.setHeader('content-type', 'text/html').end(`<title>Shop</title><h1>${exchanged.__typename}</h1>`)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const returnUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/back?from=mail`
  const mail = { colour: '#7a3e9d' }
  await adminOf(system).updateTenant({ id: 'demo', settings: { returnUrls: [returnUrl], mail } })
  shop = { returnUrl, client, visits }
})

// Other tests use the same tenant.
test.afterAll(async ({ system }) => {
  server.closeAllConnections()
  server.close()
  await adminOf(system).updateTenant({ id: 'demo', settings: { returnUrls: null, mail: { colour: null } } })
})

async function open(page: Page, system: System, email: string) {
  const registered = await shop.client.register({ email, token: `token of ${email}` })
  if (registered.__typename !== 'Registered') throw new Error(registered.message)
  const number = await numberFor(system, email)
  await page.goto(`${system.url}/verify/${registered.identityId}`)
  return { identityId: registered.identityId, number }
}

for (const [width, colorScheme, locale, title, go] of [
  [320, 'dark', 'es-MX', 'Mira tu correo', 'Continuar'],
  [320, 'light', 'ar-EG', 'راجع بريدك', 'متابعة'],
  [1280, 'light', 'en-GB', 'Look into your mail', 'Continue'],
] as const) {
  test(`a person types the number at ${width} px, ${colorScheme}, ${locale}, without scripts`, async ({
    system,
    browser,
  }) => {
    const viewport = { width, height: 640 }
    const withoutScripts = await browser.newContext({
      viewport,
      colorScheme,
      locale,
      javaScriptEnabled: false,
    })
    const page = await withoutScripts.newPage()
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    const email = `page-${width}-${locale}@example.com`
    const { number } = await open(page, system, email)
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('dir', locale === 'ar-EG' ? 'rtl' : 'ltr')
    const input = page.getByRole('textbox')
    await expect(input).toBeFocused()
    await input.fill('1234 5678 9012')
    await page.getByRole('button', { name: go }).click()
    await expect(page.getByRole('alert')).not.toBeEmpty()
    await input.fill('1234 5678 9013')
    await page.getByRole('button', { name: go }).click()
    await expect(page.getByRole('alert')).not.toBeEmpty()
    // Chromium shows an error of its own for a page that answered a form and must not be kept.
    await page.goBack()
    await page.reload()
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
    await input.fill(number)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Verified' })).toBeVisible()
    expect(shop.visits.at(-1)).toMatchObject({ token: `token of ${email}` })
    expect(shop.visits.at(-1)?.query.get('from')).toBe('mail')
    for (const url of seen) expect(url).not.toContain(number.replaceAll(' ', ''))
    // Nobody can use it again.
    await page.reload()
    await expect(page.getByRole('heading', { name: 'WrongCredentials' })).toBeVisible()
    await withoutScripts.close()
  })

  test(`it is accessible at ${width} px, ${colorScheme}, ${locale}`, async ({ system, browser }) => {
    // Three pages are looked through, each with a mail before it.
    test.slow()
    const context = await browser.newContext({ viewport: { width, height: 640 }, colorScheme, locale })
    const page = await context.newPage()
    // Axe is a script, and the page allows none.
    await page.route('**/verify/**', async (route) => {
      const reply = await route.fetch()
      const { 'content-security-policy': policy = '', ...headers } = reply.headers()
      const relaxed = policy.replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'")
      await route.fulfill({ response: reply, headers: { ...headers, 'content-security-policy': relaxed } })
    })
    const looksRight = async () => {
      expect(await faultsOn(page)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
      const heights = await page
        .getByRole('button')
        .evaluateAll((all) => all.map((each) => each.clientHeight))
      for (const height of heights) expect(height).toBeGreaterThanOrEqual(44)
    }
    const { identityId } = await open(page, system, `axe-${width}-${locale}@example.com`)
    await looksRight()
    await page.getByRole('textbox').fill('1234')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).not.toBeEmpty()
    await looksRight()
    await shop.client.revoke(identityId)
    await page.goto(`${system.url}/verify/${identityId}`)
    await expect(page.getByRole('heading')).not.toHaveText(title)
    await looksRight()
    await context.close()
  })
}

test('the resend is counted down by the stylesheet, and then its button sends the number again', async ({
  system,
  page,
}) => {
  // The usual 30 s between two mails may pass before a busy machine comes to the button.
  const limit = (mailsPerAddress: { max: number; windowSeconds: number }[] | null) =>
    adminOf(system).updateTenant({ id: 'demo', settings: { mailsPerAddress } })
  await limit([{ max: 1, windowSeconds: 120 }])
  await open(page, system, 'timer@example.com')
  const button = page.getByRole('button', { name: 'Send the code again' })
  const time = page.locator('.time')
  await expect(time).toBeVisible()
  await expect(button).toBeHidden()
  const secondsLeft = () =>
    time.evaluate((element) => {
      const [minutes, seconds] = ['--m', '--r'].map((name) =>
        getComputedStyle(element).getPropertyValue(name),
      )
      return 60 * Number(minutes) + Number(seconds)
    })
  const before = await secondsLeft()
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThanOrEqual(120)
  await expect.poll(secondsLeft).toBeLessThan(before)
  // The time passes here without waiting for it; a mail too early is refused by the server all the same.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish()
  })
  await expect(button).toBeVisible()
  await expect(time).toBeHidden()
  await button.click()
  await expect(page.getByRole('alert')).toHaveText(/Too many tries\. Try again in .\d+(:\d\d min| s)/)
  await expect(button).toBeHidden()
  await limit(null)
})

test('no page can frame it', async ({ system, page }) => {
  const { identityId } = await open(page, system, 'framed@example.com')
  await page.route('http://evil.localhost/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<iframe src="${system.url}/verify/${identityId}"></iframe>`,
    }),
  )
  await page.goto('http://evil.localhost/')
  await expect.poll(() => page.frames().at(-1)?.url()).toContain('chrome-error')
  expect(await page.frames().at(-1)?.locator('input').count()).toBe(0)
})
