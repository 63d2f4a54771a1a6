import type { Page } from '@playwright/test'
import { expect } from '../system/system.ts'
import { DIALOG, expectAccessible, MAIN, setColours, setSize } from './dashboard-page.ts'
import { clipboardOf, rowOf, sendNumber, sendPlain, stopInbox, test } from './inbox-page.ts'

test.afterAll(stopInbox)

test('an empty inbox shows the way to the first mail, and the mail comes without a reload', async ({
  inbox,
  page,
}) => {
  await page.goto(inbox.url)
  await page.getByRole('button', { name: 'Copy the command' }).click()
  await expect
    .poll(() => clipboardOf(page))
    .toBe('npx emailauth register --email ada@example.com --token hello')
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
  await expect.poll(() => clipboardOf(page)).toBe('482915204113')
  // Copying is not reading.
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 1 unread')
  await rowOf(page, /ada@example\.com/).click()
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await page.getByRole('button', { name: 'Copy number', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  await expect.poll(() => clipboardOf(page)).toBe('482915204113')
  await expect(page.getByRole('status').first()).toHaveText('1 mail, 0 unread')
})

test('the page itself is light, dark, or as the system, and remembers it', async ({ inbox, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(inbox.url)
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  await expect.poll(scheme).toBe('dark')
  await page.getByRole('button', { name: 'Colours: system' }).click()
  await expect.poll(scheme).toBe('light')
  await page.reload()
  await expect.poll(scheme).toBe('light')
  await page.getByRole('button', { name: 'Colours: light' }).click()
  await page.getByRole('button', { name: 'Colours: dark' }).click()
  await setColours(page, 'light')
})

test('Spanish by the browser’s language, another by choice, and the open mail stays open', async ({
  inbox,
  browser,
}) => {
  const context = await browser.newContext({ locale: 'es-MX' })
  const page = await context.newPage()
  await page.goto(inbox.url)
  await expect(page.getByRole('heading', { name: 'Aún no hay correos' })).toBeVisible()
  await expectAccessible(page, MAIN)
  await sendNumber(inbox.transport)
  await rowOf(page, /para ada@example\.com/).click()
  await expect(page.getByRole('tab', { name: 'Cabeceras' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copiar el número', exact: true })).toBeVisible()
  await expect(page.getByRole('status').first()).toHaveText('1 correo, 0 sin leer')
  await expectAccessible(page, MAIN)
  await page.getByRole('combobox', { name: 'Idioma' }).selectOption('en')
  await expect(page.getByRole('tab', { name: 'Headers' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Language' })).toHaveValue('en')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await context.close()
})

test('languages that cannot be read are no fault: the page is English', async ({ inbox, context }) => {
  const page = await context.newPage()
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'languages', { value: ['es-MX@posix', '', 'not a language'] }),
  )
  await page.goto(inbox.url)
  await expect(page.getByRole('heading', { name: 'No mail yet' })).toBeVisible()
})

test('a search finds, says what it does not know, marks and deletes what it found', async ({
  inbox,
  page,
}) => {
  await sendNumber(inbox.transport)
  await sendPlain(inbox.transport, 'First')
  await sendPlain(inbox.transport, 'Second')
  await page.goto(`${inbox.url}/`)
  // The page listens to keys before it has read the mails.
  await expect(page.getByRole('status').first()).toHaveText('3 mails, 3 unread')
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
  await expectAccessible(page, DIALOG)
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

test('a page whose script does not load says so, and where the mails are', async ({
  inbox,
  page,
  browser,
}) => {
  const expectHelp = async (shown: Page) => {
    await shown.goto(inbox.url)
    await expect(shown.getByText('This page needs its script, which has not loaded.')).toBeVisible()
    await expect(shown.getByRole('link', { name: '/api/v1/messages' })).toHaveAttribute(
      'href',
      '/api/v1/messages',
    )
    await expect(shown.getByText('Connecting')).toBeHidden()
  }
  // Of all its scripts, one that the others import.
  await page.route('**/page/list.js', (route) => route.abort())
  await expectHelp(page)
  const context = await browser.newContext({ javaScriptEnabled: false })
  await expectHelp(await context.newPage())
  await context.close()
  await page.unroute('**/page/list.js')
  await page.reload()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await expect(page.getByText('This page needs its script')).toHaveCount(0)
})

test('on a phone there is the list or the mail, and the way back', async ({ inbox, page }) => {
  await setSize(page, { width: 360, height: 740 })
  await sendNumber(inbox.transport)
  await page.goto(inbox.url)
  await rowOf(page, /ada@example\.com/).click()
  await expect(page.getByRole('heading', { name: /is your verification code/ })).toBeFocused()
  await expect(page.getByRole('list', { name: 'Mails' })).toBeHidden()
  await page.getByRole('link', { name: 'All mails' }).last().click()
  await expect(rowOf(page, /ada@example\.com/)).toBeVisible()
})
