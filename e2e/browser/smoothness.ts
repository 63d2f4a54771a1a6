import { expect, type Page } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { type MainThread, traceMainThread } from './main-thread.ts'

export interface Load {
  /** Live identities before it begins. */
  readonly identities: number
  readonly registersPerSecond: number
  /** How long the list is scrolled. */
  readonly scrollSeconds: number
  /** Whether the main thread is traced. Else it is only tried whether the list can be used. */
  readonly traced: boolean
  /** Opens the list of identities, once there are so many. */
  readonly open: (path: string) => Promise<void>
}

/** Something that was done, and what it took. */
export interface Phase {
  readonly name: string
  readonly seconds: number
  /** Absent when it was not traced. */
  readonly mainThread?: MainThread
}

/** The tenant of all that is registered. */
export const TENANT = 'busy'
const BATCH = 256
const BATCHES_AT_ONCE = 6
/** A busy service may refuse a batch or a part of it. The same request ids make a repeat harmless. */
const MOST_TRIES = 5
/** The system may be at its limit: how long something takes is measured and not asserted here. */
const PATIENT = { timeout: 120_000 }
const RARE = 'rare.example'
/** One identity in so many has the domain that is searched for, and this is the first. */
const RARE_EVERY = 2000
const FIRST_RARE = 200

/** Fills a system and uses its list of identities while others register. Answers what that took. */
export async function measureSmoothness(system: System, page: Page, load: Load): Promise<Phase[]> {
  const post = postTo(system)
  const settings = { ttlSeconds: 86_400, registersPerTenant: { max: 1_000_000, windowSeconds: 1 } }
  await post('/v1/tenants', { id: TENANT, name: 'Busy Shop', settings })
  const made = await post('/v1/api-keys', { scope: 'tenant', tenantId: TENANT, name: 'load' })
  const begun = performance.now()
  await fill(post, load.identities)
  console.log(`${load.identities} identities in ${Math.round((performance.now() - begun) / 1000)} s`)

  await load.open('/identities')
  const table = page.getByRole('table')
  const panel = page.getByRole('complementary', { name: 'Identity' })
  await expect(table.getByRole('link').first()).toBeVisible(PATIENT)

  const phases: Phase[] = []
  const during = async (name: string, act: () => Promise<unknown>) => {
    let seconds = 0
    const timed = async () => {
      const begun = performance.now()
      await act()
      seconds = Math.round((performance.now() - begun) / 100) / 10
    }
    if (!load.traced) await timed()
    const mainThread = load.traced ? await traceMainThread(page, timed) : undefined
    phases.push({ name, seconds, ...(mainThread && { mainThread }) })
  }
  const stop = registerSteadily(system.url, String(made.key), load.registersPerSecond)
  try {
    await expect(page.getByRole('button', { name: /new$/ })).toBeVisible(PATIENT)
    await during('scrolling', () => scroll(page, load.scrollSeconds))
    await during('showing the new ones', async () => {
      await page.getByRole('button', { name: /new$/ }).click()
      await expect(table.locator('tr[data-index="0"]')).toBeVisible(PATIENT)
    })
    await during('opening and closing a row', async () => {
      await table.getByRole('link').nth(2).click()
      // Of so many events a slow machine may have dropped the first ones before it gets here.
      const timeline = panel.getByRole('listitem').or(panel.getByText('Its events are no longer kept'))
      await expect(timeline.first()).toBeVisible(PATIENT)
      await page.keyboard.press('Escape')
      await expect(panel).toHaveCount(0, PATIENT)
    })
    await during('filtering by domain', async () => {
      await page.getByLabel('Search by address, domain or ID').fill(`@${RARE}`)
      await expect(table.getByText(`@${RARE}`).first()).toBeVisible(PATIENT)
    })
    await during('filtering by address', async () => {
      await page.getByLabel('Search by address, domain or ID').fill('person-0@example.com')
      await expect(table.getByRole('link')).toHaveCount(1, PATIENT)
    })
    await during('filtering by mail', async () => {
      await page.getByLabel('Search by address, domain or ID').fill('')
      await page.getByRole('combobox', { name: /^Mail/ }).selectOption('SENT')
      await expect(table.getByRole('link').nth(5)).toBeVisible(PATIENT)
    })
  } finally {
    await stop()
  }
  return phases
}

function postTo({ callService }: System) {
  const headers = { 'content-type': 'application/json' }
  return async (path: string, body: object) => {
    const reply = await callService('persistence', path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
    return (await reply.json()) as Record<string, unknown>
  }
}

interface Results {
  readonly results: readonly { readonly problem?: { readonly code: string } }[]
}

async function register(post: ReturnType<typeof postTo>, requests: readonly object[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const { results } = (await post('/v1/registrations/batch', { requests })) as unknown as Results
      // Each one succeeds or fails by itself, and a search would look in vain for one that failed.
      const refused = results.flatMap(({ problem }) => (problem === undefined ? [] : [problem.code]))
      if (refused.length > 0) throw new Error(`${refused.length} of a batch: ${refused[0]}`)
      return
    } catch (error) {
      if (tries === MOST_TRIES) throw error
    }
  }
}

/** Registers people without mailing them. */
async function fill(post: ReturnType<typeof postTo>, count: number): Promise<void> {
  const request = (at: number) => ({
    tenantId: TENANT,
    requestId: `fill-${at}`,
    token: 't',
    email: `person-${at}@${at % RARE_EVERY === FIRST_RARE ? RARE : 'example.com'}`,
  })
  for (let at = 0; at < count; at += BATCH * BATCHES_AT_ONCE) {
    const batches = Array.from({ length: BATCHES_AT_ONCE }, (_, i) => {
      const from = at + i * BATCH
      return Array.from({ length: Math.max(0, Math.min(BATCH, count - from)) }, (_, n) => request(from + n))
    }).filter((requests) => requests.length > 0)
    await Promise.all(batches.map((requests) => register(post, requests)))
  }
}

/** Registers through the gateway until it is stopped. */
function registerSteadily(url: string, key: string, perSecond: number): () => Promise<void> {
  const TICK_MS = 100
  const MOST_OPEN = 50
  const query = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }'
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const open = new Set<Promise<unknown>>()
  let made = 0
  const register = () => {
    const input = { email: `new-${made++}@example.com`, token: 't' }
    const body = JSON.stringify({ query, variables: { input } })
    const call = fetch(`${url}/graphql`, { method: 'POST', headers, body })
      .then((reply) => reply.text())
      .catch(() => {})
    open.add(call)
    void call.finally(() => open.delete(call))
  }
  const begun = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - begun) / 1000) * perSecond
    // A machine that is too slow gets no more than it can take.
    while (made < due && open.size < MOST_OPEN) register()
  }, TICK_MS)
  return async () => {
    clearInterval(timer)
    await Promise.all(open)
    const seconds = (performance.now() - begun) / 1000
    console.log(`${Math.round(made / seconds)} registers a second for ${Math.round(seconds)} s`)
  }
}

async function scroll(page: Page, seconds: number): Promise<void> {
  const box = await page.locator('[data-scroller]').boundingBox()
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200)
  const ends = performance.now() + seconds * 1000
  for (let step = 0; performance.now() < ends; step++) {
    await page.mouse.wheel(0, step % 40 < 30 ? 400 : -900)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
  }
}
