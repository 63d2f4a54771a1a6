import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@emailauth/testing/free-port'
import type { Page } from '@playwright/test'
import { mailsTo, numberFor } from '../system/mails.ts'
import { expect, root, test } from '../system/system.ts'
import { faultsOn } from './axe.ts'

let url: string
let example: ChildProcess

// The example as its README says to start it, beside a running emailauth.
test.beforeAll(async ({ system }) => {
  const child = spawn(process.execPath, ['examples/login/server.js'], {
    cwd: root,
    env: { PATH: process.env.PATH, EMAILAUTH_HOME: system.home, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  example = child
  const [line] = await once(child.stdout, 'data')
  url = /http:\S+/.exec(String(line))?.[0] ?? ''
})

test.afterAll(async () => {
  const gone = once(example, 'exit')
  if (example.kill()) await gone
})

async function askFor(page: Page, email: string) {
  await page.goto(url)
  await page.getByLabel('Your email address').fill(email)
  await page.getByRole('button', { name: 'Mail me a code' }).click()
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()
}

for (const [width, colorScheme] of [
  [320, 'dark'],
  [1280, 'light'],
] as const) {
  test(`a person signs in and out at ${width} px, ${colorScheme}`, async ({ system, page, context }) => {
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    await page.setViewportSize({ width, height: 640 })
    await page.emulateMedia({ colorScheme })
    const looksRight = async () => {
      expect(await faultsOn(page)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
    }

    const email = `wide-${width}@example.com`
    await page.goto(url)
    await expect(page).toHaveURL(`${url}/sign-in`)
    await looksRight()
    await askFor(page, email)
    await expect(page.getByRole('button', { name: /^Send the code again in \d+ s$/ })).toBeVisible()
    await looksRight()

    await page.getByLabel('Code from the mail').fill('1234 5678 9012')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toHaveText(/This code is not valid/)
    await looksRight()

    const before = await context.cookies()
    await page.getByLabel('Code from the mail').fill(await numberFor(system, email))
    await page.keyboard.press('Enter')
    await expect(page.getByText(`You are signed in as ${email}`)).toBeVisible()
    await looksRight()
    const [session, ...others] = await context.cookies()
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    expect(others).toEqual([])
    expect(before.map(({ value }) => value)).not.toContain(session?.value)
    // Neither the number nor the address was ever in an address bar or a referrer.
    expect(
      seen.filter((each) =>
        /\?|\d{4}.*\d{4}.*\d{4}|%40|@/.test(new URL(each).pathname + new URL(each).search),
      ),
    ).toEqual([])

    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(`${url}/sign-in`)
    await context.addCookies([session as NonNullable<typeof session>])
    await page.goto(url)
    await expect(page).toHaveURL(`${url}/sign-in`)
  })
}

test('it works without scripts', async ({ system, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await askFor(page, 'plain@example.com')
  await page.getByRole('button', { name: 'Send the code again' }).click()
  await expect(page.getByRole('alert')).toHaveText(/Too many tries. Try again in \d+ s/)
  await page.getByLabel('Code from the mail').fill(await numberFor(system, 'plain@example.com'))
  await page.keyboard.press('Enter')
  await expect(page.getByText('You are signed in as plain@example.com')).toBeVisible()
  await context.close()
})

test('who asks again too soon can still type the code of the first mail', async ({ system }) => {
  const email = 'twice@example.com'
  const post = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: url, cookie },
      redirect: 'manual',
    })
  const cookieOf = (reply: Response) => reply.headers.get('set-cookie')?.split(';')[0]
  const first = cookieOf(await post('/sign-in', { email }))
  const again = await post('/sign-in', { email }, first)
  expect(again.status).toBe(400)
  // What the browser sends from then on.
  const cookie = cookieOf(again) ?? first
  // What is no code at all is answered on the page, too.
  expect((await post('/code', { number: '1'.repeat(300) }, cookie)).headers.get('location')).toBe('/code')
  const number = await numberFor(system, email)
  expect((await post('/code', { number }, cookie)).headers.get('location')).toBe('/')
})

test('the number of one browser is good for no other', async ({ system, page, browser }) => {
  await askFor(page, 'mine@example.com')
  const number = await numberFor(system, 'mine@example.com')
  const thief = await browser.newPage()
  await askFor(thief, 'thief@example.com')
  await thief.getByLabel('Code from the mail').fill(number)
  await thief.keyboard.press('Enter')
  await expect(thief.getByRole('alert')).toHaveText(/This code is not valid/)
  await thief.close()
  await page.getByLabel('Code from the mail').fill(number)
  await page.keyboard.press('Enter')
  await expect(page.getByText('You are signed in as mine@example.com')).toBeVisible()
})

test('other sites, scanners of links and frames get nothing', async ({ system, page }) => {
  const body = new URLSearchParams({ email: 'csrf@example.com' })
  for (const origin of ['https://evil.example', 'null', undefined]) {
    const headers = origin === undefined ? {} : { origin }
    const reply = await fetch(`${url}/sign-in`, { method: 'POST', body, headers, redirect: 'manual' })
    expect(reply.status).toBe(403)
  }
  for (const path of ['/', '/sign-in', '/code', '/resend', '/sign-out']) {
    const reply = await fetch(url + path, { redirect: 'manual' })
    expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(reply.headers.get('set-cookie')).toBeNull()
  }
  expect(await mailsTo(system, 'csrf@example.com')).toEqual([])
  // What is typed is text.
  await page.goto(url)
  await page.getByLabel('Your email address').evaluate((input) => input.setAttribute('type', 'text'))
  await page.getByLabel('Your email address').fill('"><img src=x onerror=alert(1)>')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('This is no email address.')
  await expect(page.getByLabel('Your email address')).toHaveValue('"><img src=x onerror=alert(1)>')
  expect(await page.locator('img').count()).toBe(0)
})
