import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@emailauth/testing/free-port'
import type { Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import { expectAccessible } from './dashboard-page.ts'
import { test as base, expect, root } from './system.ts'

type Transport = ReturnType<typeof createTransport>

interface Inbox {
  readonly url: string
  readonly transport: Transport
  stop(): Promise<void>
  start(): Promise<void>
}

/** The built inbox alone, as `emailauth up` starts it. Mails come to it by real SMTP. */
const test = base.extend<{ inbox: Inbox }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
  inbox: async ({}, use) => {
    const [page, smtp] = [await freePort(), await freePort()]
    let child: ReturnType<typeof spawn> | undefined
    const start = async () => {
      const started = spawn(process.execPath, [join(root, 'apps/inbox/dist/main.js')], {
        env: { EMAILAUTH_INBOX_PORT: String(page), EMAILAUTH_SMTP_PORT: String(smtp) },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child = started
      let printed = ''
      await new Promise<void>((ready, failed) => {
        started.once('exit', (code) => failed(new Error(`the inbox ended with ${code}: ${printed}`)))
        started.stdout.on('data', (chunk) => {
          printed += chunk
          if (printed.includes('inbox is ready')) ready()
        })
      })
    }
    const stop = async () => {
      if (child === undefined || child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    }
    await start()
    const transport = createTransport({ host: '127.0.0.1', port: smtp })
    await use({ url: `http://127.0.0.1:${page}`, transport, start, stop })
    transport.close()
    await stop()
  },
})

const HTML = `<!doctype html><html><head><meta name="color-scheme" content="light dark"><style>
  body { font-family: sans-serif; background: #fff; color: #111 }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #9cf } }
</style></head><body><h1>Your number</h1><p>4829 1520 4113</p><img id="logo" src="cid:logo@acme" alt="Acme">
<p><a href="https://shop.example/login#482915204113">Sign in</a> or <a href="https://shop.example/help">get help</a></p>
<script>document.title = 'attacked'; parent.document.title = 'attacked'</script>
<form action="https://evil.example"><button>Send</button></form></body></html>`
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function sendNumber(transport: Transport, to = 'ada@example.com', html = HTML): Promise<void> {
  await transport.sendMail({
    from: 'Acme <no-reply@acme.test>',
    to,
    subject: '4829 1520 4113 is your verification code for Acme',
    text: 'Type it where you were asked for it:\n\n4829 1520 4113\n\nIt works once.',
    html,
    attachments: [{ filename: 'logo.png', cid: 'logo@acme', content: PIXEL, contentDisposition: 'inline' }],
  })
}

const sendPlain = (transport: Transport, subject: string, to = 'bob@example.com') =>
  transport.sendMail({ from: 'a@b.test', to, subject, text: `Hello from ${subject}` })

const rowOf = (page: Page, name: string | RegExp) => page.getByRole('link', { name })
const clipboardOf = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

test.use({ permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1280, height: 800 } })

test('an empty inbox shows the way to the first mail, and the mail comes without a reload', async ({
  inbox,
  page,
}) => {
  await page.goto(inbox.url)
  await page.getByRole('button', { name: 'Copy the command' }).click()
  expect(await clipboardOf(page)).toBe('npx emailauth register --email ada@example.com --token hello')
  await expectAccessible(page)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await sendNumber(inbox.transport)
  await expect(rowOf(page, /ada@example\.com/)).toBeVisible()
  await expect(page).toHaveTitle('(1) Inbox · emailauth')
})

test('the number is copied in one click, from the list and from the mail', async ({ inbox, page }) => {
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await page.getByRole('button', { name: 'Copy number 4829 1520 4113' }).click()
  expect(await clipboardOf(page)).toBe('482915204113')
  // Copying is not reading.
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 1 unread')
  await rowOf(page, /ada@example\.com/).click()
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await page.getByRole('button', { name: 'Copy number', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await clipboardOf(page)).toBe('482915204113')
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 0 unread')
})

test('a mail is shown as HTML, text, source, headers and links, and every part is accessible', async ({
  inbox,
  page,
}) => {
  test.setTimeout(180_000)
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  const panel = page.getByRole('tabpanel')
  const mail = page.frameLocator('iframe')
  await expect(mail.getByText('4829 1520 4113')).toBeVisible()
  // The embedded picture is loaded, though the frame has no origin.
  await expect
    .poll(() => mail.locator('#logo').evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(1)
  await expectAccessible(page)

  for (const [tab, text] of [
    ['Text', 'It works once.'],
    ['Source', 'Content-Type: multipart/'],
    ['Headers', 'Mime-Version'],
    ['Links 2', 'https://shop.example/login#482915204113'],
    ['Attachments 1', 'logo.png'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(panel.getByText(text).first()).toBeVisible()
    if (tab === 'Links 2') await expectAccessible(page)
  }
  await page.getByRole('tab', { name: 'Links' }).click()
  await page.getByRole('button', { name: 'Copy https://shop.example/help' }).click()
  expect(await clipboardOf(page)).toBe('https://shop.example/help')
  await expect(panel.getByRole('link', { name: /help/ })).toHaveAttribute('rel', 'noopener noreferrer')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '.eml' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.eml$/)
  expect(await readFile(await download.path(), 'utf8')).toContain('Subject: 4829 1520 4113')
})

test('a mail at the width of a phone, light and dark, whatever the page has', async ({ inbox, page }) => {
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  const mail = page.frameLocator('iframe')
  const frameWidth = async () => (await page.locator('iframe').boundingBox())?.width
  const background = () => mail.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)
  expect(await frameWidth()).toBeGreaterThan(600)
  await page.getByText('Phone', { exact: true }).click()
  expect(await frameWidth()).toBe(390)
  await expect.poll(background).toBe('rgb(255, 255, 255)')
  await page.getByText('Dark', { exact: true }).click()
  await expect.poll(background).toBe('rgb(17, 17, 17)')

  // The choice holds for the next mail.
  await sendNumber(inbox.transport, 'carol@example.com')
  await rowOf(page, /carol@example\.com/).click()
  await expect.poll(background).toBe('rgb(17, 17, 17)')
  expect(await frameWidth()).toBe(390)
})

test('the page itself is light, dark, or as the system, and remembers it', async ({ inbox, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(inbox.url)
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  expect(await scheme()).toBe('dark')
  await page.getByRole('button', { name: 'Colours: system' }).click()
  expect(await scheme()).toBe('light')
  await page.reload()
  expect(await scheme()).toBe('light')
  await page.getByRole('button', { name: 'Colours: light' }).click()
  await page.getByRole('button', { name: 'Colours: dark' }).click()
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(scheme).toBe('light')
})

test('the HTML of a mail cannot run, send, or read the page, nor by its own address', async ({
  inbox,
  page,
  context,
}) => {
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'Send' }).click()
  await expect(frame.getByText('Your number')).toBeVisible()
  await expect(page).toHaveTitle('Inbox · emailauth')
  const alone = await context.newPage()
  await alone.goto(`${inbox.url}/view/latest.html`)
  await expect(alone.getByText('4829 1520 4113')).toBeVisible()
  expect(await alone.title()).toBe('')
  expect(await alone.evaluate(() => origin)).toBe('null')
})

test('pictures of other servers load only when asked for', async ({ inbox, page }) => {
  let asked = 0
  const other = createServer((_request, reply) => {
    asked += 1
    reply.setHeader('content-type', 'image/png').end(PIXEL)
  })
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const picture = `http://127.0.0.1:${(other.address() as AddressInfo).port}/seen.png`
  await sendNumber(inbox.transport, 'ada@example.com', `<p>Hi</p><img src="${picture}" alt="x">`)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  await expect(page.frameLocator('iframe').getByText('Hi')).toBeVisible()
  expect(asked).toBe(0)
  await page.getByRole('button', { name: 'Load remote pictures' }).click()
  await expect.poll(() => asked).toBe(1)
  other.close()
})

test('a search finds, says what it does not know, marks and deletes what it found', async ({
  inbox,
  page,
}) => {
  await sendNumber(inbox.transport)
  await sendPlain(inbox.transport, 'First')
  await sendPlain(inbox.transport, 'Second')
  await page.goto(`${inbox.url}/`)
  await page.keyboard.press('/')
  await page.keyboard.type('to:bob')
  await expect(page.getByRole('status').first()).toHaveText('2 of 3 found')
  const search = page.getByRole('searchbox')
  await search.fill('form:bob')
  await expect(page.getByRole('alert')).toContainText('unknown filter "form:"; there are to: cc:')
  await search.fill('to:nobody')
  await expect(page.getByText(/No mail fits.*to:nobody/)).toBeVisible()
  await page.getByRole('button', { name: 'Show all mails' }).click()
  await search.fill('to:bob')
  await expect(page.getByRole('status').first()).toHaveText('2 of 3 found')
  await page.getByRole('button', { name: 'Mark all read' }).click()
  await search.fill('is:unread')
  await expect(page.getByRole('status').first()).toHaveText('1 of 3 found')
  await search.fill('to:bob')
  await page.getByRole('button', { name: 'Delete 2 found' }).click()
  await expect(page.getByRole('dialog', { name: 'Delete the mails that were found?' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete the mails that were found' }).click()
  await search.fill('')
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 1 unread')
})

test('rows do not move under the pointer: new mails wait until it leaves or lets them in', async ({
  inbox,
  page,
}) => {
  await sendPlain(inbox.transport, 'First')
  await page.goto(inbox.url)
  await rowOf(page, /^First/).hover()
  const before = await rowOf(page, /^First/).boundingBox()
  await sendPlain(inbox.transport, 'Second')
  await expect(page.getByRole('button', { name: '1 new mail' })).toBeVisible()
  expect(await rowOf(page, /^First/).boundingBox()).toEqual(before)
  await page.mouse.click(700, 400)
  await expect(rowOf(page, /^Second/)).toBeVisible()
  await rowOf(page, /^First/).hover()
  await sendPlain(inbox.transport, 'Third')
  await page.getByRole('button', { name: '1 new mail' }).click()
  await expect(rowOf(page, /^Third/)).toBeVisible()
})

test('a mail is marked as unread or deleted, and one that is gone says so', async ({ inbox, page }) => {
  await sendPlain(inbox.transport, 'First')
  await page.goto(inbox.url)
  await rowOf(page, /^First/).click()
  const address = page.url()
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 0 unread')
  await page.getByRole('button', { name: 'Mark unread' }).click()
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 1 unread')
  await rowOf(page, /^First/).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByText('No mail yet')).toBeVisible()
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'This mail is gone' })).toBeVisible()
})

test('an inbox that stops is named, and found again when it is back', async ({ inbox, page }) => {
  await page.goto(inbox.url)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await inbox.stop()
  await expect(page.getByText('Inbox does not answer')).toBeVisible()
  await inbox.start()
  await sendPlain(inbox.transport, 'After')
  await expect(rowOf(page, /^After/)).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
})

test('on a phone there is the list or the mail, and the way back', async ({ inbox, page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  await expect(page.getByRole('heading', { name: /is your verification code/ })).toBeFocused()
  await expect(page.getByRole('list', { name: 'Mails' })).toBeHidden()
  await page.getByRole('link', { name: 'All mails' }).last().click()
  await expect(rowOf(page, /ada@example\.com/)).toBeVisible()
})
