import { readFile } from 'node:fs/promises'
import type { Page, Request } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { adminOf, test as base, expect } from '../system/system.ts'
import { goTo, openDashboard } from './dashboard-page.ts'

// How often the dashboard asks, how much at once, and how long it waits, each number written out. The clock
// of the page stands, and each test moves it by a little more than the time that it is about.

interface Call {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: each document has variables of its own
  readonly variables: any
}

const AHEAD_MS = [2000, 20_000, 60_000] as const
const JUMPS = 4
const AFTER_JUMP_MS = 3000

/** The names of the dashboard's documents, by their digests. */
async function documentNames(): Promise<ReadonlyMap<string, string>> {
  const file = new URL('../../apps/admin/src/generated/persisted-documents.json', import.meta.url)
  const documents = Object.entries<string>(JSON.parse(await readFile(file, 'utf8')))
  return new Map(
    documents.map(([digest, text]) => [digest, /(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '']),
  )
}

/** Notes what the pages of the dashboard ask for. */
async function watchCalls(page: Page) {
  const names = await documentNames()
  const calls: Call[] = []
  const underWay = new Set<Request>()
  let refused = ''
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => underWay.delete(request))
  await page.route('**/graphql', async (route) => {
    const { documentId, variables } = route.request().postDataJSON()
    const name = names.get(documentId) ?? ''
    calls.push({ name, variables })
    underWay.add(route.request())
    await (name === refused ? route.abort() : route.continue())
  })
  await page.clock.install()
  const isQuiet = () => expect.poll(() => underWay.size).toBe(0)
  /** The clock goes forward only. A busy machine may take longer than the first of these to move it. */
  const stand = async () => {
    for (const [at, aheadMs] of AHEAD_MS.entries()) {
      try {
        return await page.clock.pauseAt(await page.evaluate((ms) => Date.now() + ms, aheadMs))
      } catch (error) {
        if (at === AHEAD_MS.length - 1) throw error
      }
    }
  }
  let isOpen = false
  return {
    /** Waits until a document was asked for, and returns what it was asked with last. */
    async asked(name: string): Promise<Call['variables']> {
      await expect.poll(() => calls.map((call) => call.name)).toContain(name)
      return calls.findLast((call) => call.name === name)?.variables
    },
    /** Opens a page whose clock runs, and waits for the answers to this document and to all others. */
    async open(system: System, path: string, name: string): Promise<void> {
      await page.clock.resume()
      if (isOpen) await goTo(page, path)
      else await openDashboard(page, system, path)
      isOpen = true
      await this.asked(name)
      await isQuiet()
    },
    /** Lets time pass for the page, whose clock stands after that. What it asked for before is forgotten. */
    async pass(ms: number) {
      await stand()
      await isQuiet()
      calls.length = 0
      await page.clock.fastForward(ms)
    },
    /**
     * The same, and waits until this was asked for. A busy page may take the answer before, and begin to wait
     * anew, only after the jump, so there are more of them; ten times as long a pause is still too long.
     */
    async passUntilAsked(name: string, ms: number): Promise<void> {
      await this.pass(ms)
      const isAsked = () => calls.some((call) => call.name === name)
      for (let jump = 1; jump < JUMPS; jump++) {
        const polled = await expect
          .poll(isAsked, { timeout: AFTER_JUMP_MS })
          .toBe(true)
          .then(
            () => true,
            () => false,
          )
        if (polled) return
        await page.clock.fastForward(ms)
      }
      await this.asked(name)
    },
    forget() {
      calls.length = 0
    },
    /** Requests of this document fail from now on. */
    refuse(name: string) {
      refused = name
    },
    close: () => page.context().close(),
    page,
  }
}

/** The page of all tests: they go from page to page in it. Each begins on another one than that before. */
let watched: Awaited<ReturnType<typeof watchCalls>> | undefined

const test = base.extend<{ calls: NonNullable<typeof watched> }>({
  calls: async ({ browser }, use, testInfo) => {
    const calls = watched ?? (await watchCalls(await (await browser.newContext()).newPage()))
    await use(calls)
    const isKept = testInfo.status === testInfo.expectedStatus
    calls.forget()
    calls.refuse('')
    if (!isKept) await calls.close()
    watched = isKept ? calls : undefined
  },
})

test.afterAll(() => watched?.close())

const POLLS: readonly [path: string, polls: readonly (readonly [name: string, ms: number])[]][] = [
  [
    '/overview',
    [
      ['Statistics', 10_000],
      ['LiveCount', 10_000],
      ['Readiness', 10_000],
      ['TenantChoices', 60_000],
    ],
  ],
  ['/sessions', [['Sessions', 5000]]],
  ['/system', [['SystemStatus', 10_000]]],
  ['/webhooks', [['WebhookList', 10_000]]],
  ['/tenants/demo?tab=mail', [['MailPreview', 5000]]],
]

test('what changes by itself is asked for every few seconds', async ({ system, calls }) => {
  for (const [path, polls] of POLLS) {
    calls.forget()
    await calls.open(system, path, polls[0]?.[0] ?? '')
    for (const [name, ms] of polls) {
      await calls.passUntilAsked(name, ms)
    }
  }
})

test('what could not be loaded is asked for again after 3 s', async ({ system, calls }) => {
  const { page } = calls
  for (const [path, name] of [
    ['/identities', 'IdentityPage'],
    ['/messages?state=SENT', 'MessageList'],
    ['/events', 'EventPage'],
  ] as const) {
    calls.forget()
    calls.refuse(name)
    await calls.open(system, path, name)
    await expect(page.getByRole('alert').filter({ hasText: 'could not be loaded' })).toBeVisible()
    await calls.passUntilAsked(name, 3000)
  }
})

test('how much of a list is asked for, and sent, at once', async ({ system, calls }) => {
  const { endpoint } = await adminOf(system).webhooks.create({
    tenantId: 'demo',
    url: 'https://example.com/',
  })
  const { page } = calls
  for (const [path, name, first] of [
    ['/identities', 'IdentityPage', 100],
    ['/messages?state=SENT', 'MessageList', 100],
    ['/webhooks', 'WebhookList', 50],
    [`/webhooks?open=${endpoint.id}`, 'WebhookDelivery', 25],
    ['/messages?tenant=demo&list=suppressed', 'SuppressedAddresses', 25],
  ] as const) {
    calls.forget()
    await calls.open(system, path, name)
    expect([name, (await calls.asked(name)).first]).toEqual([name, first])
  }
  calls.forget()
  await page.getByRole('button', { name: 'Export all' }).click()
  expect((await calls.asked('SuppressedAddresses')).first).toBe(200)
  calls.refuse('AddSuppressions')
  const addresses = Array.from({ length: 501 }, (_, at) => `bounds-${at}@example.com`)
  await page.getByLabel('Add addresses, one in a line').fill(addresses.join('\n'))
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  expect((await calls.asked('AddSuppressions')).addresses).toHaveLength(500)
  // Attempts to deliver are looked at while they are made.
  await calls.open(system, `/webhooks?open=${endpoint.id}`, 'WebhookDelivery')
  await calls.passUntilAsked('WebhookDelivery', 5000)
  await adminOf(system).webhooks.delete(endpoint.id)
})

test('typing is answered after 0.4 s', async ({ system, calls }) => {
  const { page } = calls
  await calls.open(system, '/identities', 'IdentityPage')
  await calls.pass(0)
  await page.getByLabel('Search by address').fill('nobody@example.com')
  await page.clock.fastForward(450)
  expect((await calls.asked('IdentityPage')).filter).toEqual({ email: 'nobody@example.com' })

  await calls.open(system, '/tenants/demo?tab=mail', 'MailPreview')
  await calls.pass(0)
  await page.getByLabel('Heading').fill('Welcome')
  await page.clock.fastForward(450)
  expect((await calls.asked('MailPreview')).unsaved).toBeDefined()
})

test('g and a letter make a sequence within 1.5 s', async ({ system, calls }) => {
  const { page } = calls
  await calls.open(system, '/overview', 'Statistics')
  await calls.pass(0)
  await page.keyboard.press('g')
  await page.clock.fastForward(1600)
  await page.keyboard.press('i')
  expect(page.url()).toContain('/overview')
  await page.keyboard.press('g')
  await page.clock.fastForward(1400)
  await page.keyboard.press('i')
  await expect(page).toHaveURL(/identities/)
})
