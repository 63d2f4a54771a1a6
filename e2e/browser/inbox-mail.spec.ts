import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '../system/system.ts'
import { expectAccessible, MAIN } from './dashboard-page.ts'
import { clipboardOf, PIXEL, rowOf, sendNumber, stopInbox, test } from './inbox-page.ts'

test.afterAll(stopInbox)

test('a mail is shown as HTML, text, source, headers and links, and every part is accessible', async ({
  inbox,
  page,
}) => {
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
  await expectAccessible(page, MAIN)

  for (const [tab, text] of [
    ['Text', 'It works once.'],
    ['Source', 'Content-Type: multipart/'],
    ['Headers', 'Mime-Version'],
    ['Links 2', 'https://shop.example/login#482915204113'],
    ['Attachments 1', 'logo.png'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(panel.getByText(text).first()).toBeVisible()
    if (tab === 'Links 2') await expectAccessible(page, MAIN)
  }
  await page.getByRole('tab', { name: 'Links' }).click()
  await page.getByRole('button', { name: 'Copy https://shop.example/help' }).click()
  await expect.poll(() => clipboardOf(page)).toBe('https://shop.example/help')
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
  // The page gives the mail a new frame for each look.
  const expectBackground = (colour: string) =>
    expect(mail.locator('body')).toHaveCSS('background-color', colour)
  await expect.poll(frameWidth).toBeGreaterThan(600)
  await page.getByText('Phone', { exact: true }).click()
  await expect.poll(frameWidth).toBe(390)
  await expectBackground('rgb(255, 255, 255)')
  await page.getByText('Dark', { exact: true }).click()
  await expectBackground('rgb(17, 17, 17)')

  // The choice holds for the next mail.
  await sendNumber(inbox.transport, 'carol@example.com')
  await rowOf(page, /carol@example\.com/).click()
  await expectBackground('rgb(17, 17, 17)')
  await expect.poll(frameWidth).toBe(390)
})

test('the HTML of a mail cannot run, send, or read the page, nor by its own address', async ({
  inbox,
  page,
}) => {
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'Send' }).click()
  await expect(frame.getByText('Your number')).toBeVisible()
  await expect(page).toHaveTitle('Inbox · emailauth')
  const alone = await page.context().newPage()
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
