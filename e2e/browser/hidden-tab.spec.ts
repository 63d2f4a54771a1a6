import type { Request, WebSocket } from '@playwright/test'
import { expect, register, test } from '../system/system.ts'
import { openDashboard } from './dashboard-page.ts'

test('a hidden tab asks for nothing, and goes on when it is shown', async ({ system, page }) => {
  await register(system, 'hidden@example.com')
  await page.clock.install()
  const asked: string[] = []
  const underWay = new Set<Request>()
  page.on('request', (request) => {
    underWay.add(request)
    if (request.url().includes('/graphql')) asked.push(request.url())
  })
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => underWay.delete(request))
  /** Whether the page has drawn twice and sent no request. `networkidle` is for a new page only. */
  const isAtRest = async () => {
    const before = asked.length
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    )
    return underWay.size === 0 && asked.length === before
  }
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  const show = (visible: boolean) =>
    page.evaluate((isVisible) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => !isVisible })
      const visibilityState = isVisible ? 'visible' : 'hidden'
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibilityState })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, visible)
  await openDashboard(page, system, '/overview')
  for (const [name, known] of [
    ['Identities', 'hidden@example.com'],
    ['Messages', '250 '],
    ['Overview', 'Live identities'],
  ] as const) {
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page.getByText(known).first()).toBeVisible()
    // The overview's period moves with every minute.
    if (name === 'Overview') await page.getByRole('combobox', { name: /^Time/ }).selectOption('1h')
    await expect.poll(isAtRest).toBe(true)
    await show(false)
    await expect.poll(() => sockets.every((socket) => socket.isClosed())).toBe(true)
    // Parts of the page that load a second after its first paint ask once who is signed in.
    for (let minutes = 0; minutes < 3; minutes++) {
      await page.clock.fastForward('01:00')
      await expect.poll(isAtRest).toBe(true)
    }
    asked.length = 0
    // A jump lets each timer that is due fire once. To run the frames of ten minutes takes twenty seconds.
    for (let minutes = 0; minutes < 10; minutes++) await page.clock.fastForward('01:00')
    expect(asked).toEqual([])
    await show(true)
    await page.clock.fastForward('01:00')
    if (name === 'Overview') await expect.poll(() => asked.length).toBeGreaterThan(0)
    else await expect.poll(() => sockets.some((socket) => !socket.isClosed())).toBe(true)
  }
})
