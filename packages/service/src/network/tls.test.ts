import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openTls, type TlsSource, UNUSABLE_EVERY_MS } from './tls.ts'

const DAY_MS = 24 * 3_600_000

type Made = Awaited<ReturnType<typeof makeCertificates>>
let folder: string
/** Of a day, and of 90. */
let short: Made
let long: Made
let at: { cert: string; key: string; ca: string }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-tls-'))
  const make = async (name: string, days: number) => {
    await mkdir(join(folder, name))
    return makeCertificates(join(folder, name), days)
  }
  short = await make('short', 1)
  long = await make('long', 90)
  at = { cert: join(folder, 'cert'), key: join(folder, 'key'), ca: join(folder, 'ca') }
})
afterAll(() => rm(folder, { recursive: true }))

const put = async ({ certificate, key, ca }: Made) => {
  await copyFile(certificate, at.cert)
  await copyFile(key, at.key)
  await copyFile(ca, at.ca)
}

const open = () => {
  const log = {
    info: (text: string) => void said.push(text),
    warn: ({ err }: { err?: Error }, text: string) => void said.push(`${text}: ${err?.message}`),
  }
  return openTls(at, { logger: log as never, pollMs: 5, now: () => clock })
}

let clock: number
/** Messages, and what is wrong. */
let said: string[]
let source: TlsSource
beforeEach(async () => {
  clock = Date.now()
  said = []
  await put(long)
  source = await open()
})
afterEach(() => source.close())

/** Line that the log ends with. */
const lastSaid = (line: RegExp) => eventually(() => expect(said.at(-1)).toMatch(line))

test('certificates that have expired are not taken while those in use have not', async () => {
  const before = source.current
  clock += 2 * DAY_MS
  await put(short)
  await lastSaid(/^the TLS files cannot be used, and those in use stay: .*they have expired at 20/)
  expect(source.current).toEqual(before)
  await put(long)
  await lastSaid(/^the TLS files are those in use again$/)
})

test('where those in use have expired too, the new ones are taken', async () => {
  clock += 100 * DAY_MS
  await put(short)
  await eventually(async () => expect(source.current.cert).toBe(await readFile(short.certificate, 'utf8')))
})

/** Bytes that are cut off: of the last line, the whole of it, and more. */
const CUTS = [2, 5, 10, 16, 26, 40]

test.each(CUTS)(
  'an authority whose file lacks its last %i bytes is not taken: it is being written',
  async (cut) => {
    const both = `${source.current.ca}${await readFile(short.ca, 'utf8')}`
    const before = source.current
    await writeFile(at.ca, both.slice(0, -cut))
    await lastSaid(/^the TLS files cannot be used.*: a certificate has no end: the file is not whole$/)
    expect(source.current).toEqual(before)
    await writeFile(at.ca, both)
    await lastSaid(/^new TLS certificates are in use$/)
    expect(source.current.ca).toBe(both)
  },
)

test.each(CUTS)(
  'a start takes an authority beside one that lacks %i bytes, as Node does, and warns',
  async (cut) => {
    const ca = `${source.current.ca}${(await readFile(short.ca, 'utf8')).slice(0, -cut)}`
    await writeFile(at.ca, ca)
    const started = await open()
    expect(started.current.ca).toBe(ca)
    expect(said.at(-1)).toMatch(/^a TLS file is not whole: .* a certificate has no end/)
    started.close()
  },
)

test('a file that ends between two certificates is not taken before another look finds the same', async () => {
  const [first, other] = [await readFile(short.ca, 'utf8'), await readFile(long.ca, 'utf8')]
  const taken: (string | undefined)[] = []
  source.close()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const slow = await open()
  slow.onChange(({ ca }) => taken.push(ca))
  /** Lets one look begin and end. Reading is not faked, so that a look has ended once the next one waits. */
  const look = async () => {
    vi.advanceTimersByTime(5)
    while (vi.getTimerCount() === 0) await nextTurn()
  }
  await writeFile(at.ca, first)
  await look()
  await writeFile(at.ca, first + other)
  await look()
  await look()
  slow.close()
  expect(taken).toEqual([first + other])
})

test('a certificate whose file has its key and comments too is whole', async () => {
  const cert = `-----\n${await readFile(short.certificate, 'utf8')}${await readFile(short.key, 'utf8')}`
  await copyFile(short.key, at.key)
  await writeFile(at.cert, cert)
  await eventually(() => expect(source.current.cert).toBe(cert))
})

test('the log says once a day that files cannot be used', async () => {
  expect(UNUSABLE_EVERY_MS).toBe(DAY_MS)
  await copyFile(short.key, at.key)
  await lastSaid(/key values mismatch/)
  const count = () => said.filter((line) => line.includes('key values mismatch')).length
  expect(count()).toBe(1)
  clock += DAY_MS - 1
  await put(long)
  await lastSaid(/in use again/)
  await copyFile(short.key, at.key)
  await eventually(() => expect(count()).toBe(2))
  clock += DAY_MS
  await eventually(() => expect(count()).toBe(3))
})
