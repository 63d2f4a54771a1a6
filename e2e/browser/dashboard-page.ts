import { FULL } from '@emailauth/testing/full-form'
import type { Locator, Page, ViewportSize } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { expect } from '../system/system.ts'
import { faultsOn, type Look } from './axe.ts'

/** Opens a page of the dashboard in a tab that is signed in with the admin key, as its reload would be. */
export async function openDashboard(page: Page, system: System, path: string): Promise<void> {
  const tab = { origin: new URL(system.url).origin, key: system.adminKey, known: 'e2e.signed-in' }
  await page.addInitScript(({ origin, key, known }) => {
    // Once for a tab, which may sign out. Frames of mails may not ask for the storage.
    if (location.origin !== origin || sessionStorage.getItem(known) !== null) return
    sessionStorage.setItem(known, '1')
    sessionStorage.setItem('emailauth.admin-key', key)
  }, tab)
  await page.goto(`${system.url}/admin${path}`)
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeAttached()
  // Lists hold still under the pointer.
  await page.mouse.move(0, 0)
}

/**
 * Goes to another page of the open dashboard as the browser's arrows do. To load it again takes a second of
 * the processor.
 */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((url) => {
    history.pushState(null, '', url)
    dispatchEvent(new PopStateEvent('popstate'))
  }, `/admin${path}`)
  await page.mouse.move(0, 0)
}

/** A page that is nowhere in the dashboard: it asks for nothing. */
export const NOWHERE = '/nowhere'

/** Leaves the current page of the dashboard and comes back, so that it asks anew for all that it shows. */
export async function comeBack(page: Page): Promise<void> {
  const { pathname, search } = new URL(page.url())
  await goTo(page, NOWHERE)
  try {
    await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
  } finally {
    // Else who tries it again would come back to nowhere.
    await goTo(page, pathname.replace(/^\/admin/, '') + search)
  }
}

/**
 * Presses a button until its act has succeeded. A call may fail where Redis does not get the processor in
 * time; what was typed is still there then. While a call is under way the button cannot be pressed.
 */
export async function pressUntil(button: Locator, done: Locator): Promise<void> {
  await expect(async () => {
    if (!(await done.isVisible())) await button.click({ timeout: 1000 })
    await expect(done).toBeVisible({ timeout: 10_000 })
  }).toPass()
}

/** What differs between pages of the dashboard: all but the navigation and the bars around it. */
export const MAIN = 'main'
/** What opens over a page that is looked at by itself. */
export const DIALOG = 'dialog[open], [role="dialog"]'

const TAGS = { tags: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }
const COLOURS = { rules: ['color-contrast', 'link-in-text-block'] }
interface Screen {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
  readonly look?: Look
}
/**
 * What axe looks for at each width. Only colours differ in the dark, and they take axe longest. WCAG 1.4.10:
 * nothing scrolls sideways at 320 px.
 */
const SCREENS: readonly Screen[] = [
  { width: 1280, colorScheme: 'light', look: { only: TAGS } },
  { width: 1280, colorScheme: 'dark', look: { only: COLOURS } },
  { width: 1024, colorScheme: 'light' },
  { width: 768, colorScheme: 'light' },
  { width: 320, colorScheme: 'light', look: { only: TAGS, without: COLOURS.rules } },
]
/** The short form for a part of a page: what is dark and what is narrow is looked at once, together. */
const SCREENS_OF_A_PART: readonly Screen[] = [
  { width: 1280, colorScheme: 'light', look: { only: TAGS } },
  { width: 320, colorScheme: 'dark', look: { only: TAGS } },
  { width: 1024, colorScheme: 'light' },
  { width: 768, colorScheme: 'light' },
]

/**
 * axe finds no fault on the current page, light and dark, wide and narrow, and nothing overflows the screen.
 * @param inside a part, such as {@link MAIN}, when the rest was looked at before: it is looked at once more,
 * wide and light, and the part in all ways.
 */
export async function expectAccessible(page: Page, inside?: string): Promise<void> {
  const before = page.viewportSize()
  const screens = inside === undefined || FULL ? SCREENS : SCREENS_OF_A_PART
  for (const [at, { width, colorScheme, look }] of screens.entries()) {
    await setScreen(page, width, colorScheme)
    // What is below a dialog must not be reached any more, so the whole page is looked at once.
    const part = at === 0 || inside === undefined ? {} : { inside }
    if (look !== undefined)
      expect(await faultsOn(page, { ...look, ...part }), `${colorScheme} at ${width} px`).toEqual([])
    await expectToFit(page, width)
  }
  if (before !== null) await setSize(page, before)
}

/** The same of the colours of what only a narrow page has: bars and short forms that all pages share. */
export async function expectNarrowColours(page: Page): Promise<void> {
  const before = page.viewportSize()
  for (const colorScheme of ['dark', 'light'] as const) {
    await setScreen(page, 360, colorScheme)
    expect(await faultsOn(page, { only: COLOURS }), `${colorScheme} at 360 px`).toEqual([])
  }
  if (before !== null) await setSize(page, before)
}

/**
 * Shows the page, which follows the system's colours, in these. A page is told of them with its next frame,
 * and on a starved machine none may come for more than 20 s. So they are set until the page shows them: each
 * change asks for a frame, and makes up for an event that was lost.
 */
export async function setColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await expect(async () => {
    const shown = expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme, {
      timeout: 5000,
    })
    await shown.catch(async (error: unknown) => {
      await page.emulateMedia({ colorScheme: OTHER_COLOURS[colorScheme] })
      await page.emulateMedia({ colorScheme })
      throw error
    })
  }).toPass()
}

const OTHER_COLOURS = { light: 'dark', dark: 'light' } as const

async function setScreen(page: Page, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await setColours(page, colorScheme)
  await setSize(page, { width, height: 800 })
}

/**
 * Shows the page at this size, and waits for two frames, however late they are: with the first the page
 * learns of its size, and with the second it has drawn what it made of it.
 */
export async function setSize(page: Page, size: ViewportSize): Promise<void> {
  await page.setViewportSize(size)
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  )
}

/**
 * Nothing scrolls sideways, and no text leaves the box that is drawn around it. What floats, such as a menu,
 * follows its button a moment after a change of the width.
 */
async function expectToFit(page: Page, width: number): Promise<void> {
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await expect.poll(overflow, { message: `wider than ${width} px` }).toBeLessThanOrEqual(0)
  await expect.poll(() => page.evaluate(textsOutsideTheirBox), { message: `at ${width} px` }).toEqual([])
}

/** Runs in the page. The box of a text is its nearest ancestor with a border at its end, or a dialog. */
function textsOutsideTheirBox(): string[] {
  const found: string[] = []
  for (const text of document.querySelectorAll<HTMLElement>('main *, [role="dialog"] *')) {
    if (text.childElementCount > 0 || text.textContent === '' || text.offsetWidth <= 1) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const end = range.getBoundingClientRect().right
    for (let box: HTMLElement | null = text; box !== null; box = box.parentElement) {
      const { overflowX, borderRightWidth } = getComputedStyle(box)
      const isDialog = box.getAttribute('role') === 'dialog'
      // What is cut there, or scrolls, is meant to.
      if (overflowX !== 'visible' && !isDialog) break
      if (borderRightWidth === '0px' && !isDialog) continue
      const past = end - box.getBoundingClientRect().right
      if (past > 1) found.push(`${text.textContent} is ${Math.round(past)} px outside`)
      break
    }
  }
  return found
}
