import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, type EmailauthClient } from '@emailauth/client'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
// From here the client is found as in a project that has installed it.
const folder = join(root, 'e2e/node_modules/.cache/webhook-receivers')

let system: TestSystem
let client: EmailauthClient
beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  system = await startSystem()
  client = createClient({ url: system.url, apiKey: system.apiKey, timeoutMs: 60_000 })
})
afterAll(async () => {
  await system?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The program that the page prints in a language, but for its port. Parts of programs name none. */
async function printedProgram(language: string, port: number): Promise<string> {
  const page = await readFile(join(root, 'docs/webhooks.md'), 'utf8')
  const all = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))]
  const programs = all.filter(([text]) => /\b3000\b/.test(text))
  const [[, program = ''] = []] = programs
  expect(programs).toHaveLength(1)
  expect(program.match(/\b3000\b/g)).toHaveLength(1)
  return program.replace(/\b3000\b/, String(port))
}

async function run(command: string, file: string, program: string, secret: string) {
  const path = join(folder, file)
  await writeFile(path, program)
  const child = spawn(command, [path], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, WEBHOOK_SECRET: secret },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  return { child, lines: () => output.split('\n') }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const signed = (secret: string, timestamp: string, body: string) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`x.${timestamp}.${body}`)
    .digest('base64')}`

test.each([
  ['js', process.execPath, 'receiver.mjs'],
  ['python', 'python3', 'receiver.py'],
])(
  'the receiver in %s takes events as printed, each once, and refuses what is forged',
  async (language, command, file) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/hooks/emailauth`
    const { endpoint, secret } = await client.webhooks.create({ url, eventTypes: ['REGISTERED', 'REVOKED'] })
    const { child, lines } = await run(command, file, await printedProgram(language, port), secret)
    try {
      const post = async (headers: Record<string, string>, body = '{}') =>
        (await fetch(url, { method: 'POST', headers, body })).status
      await eventually(async () => expect(await post({})).toBe(400), 30_000)

      const registered = await client.register({ email: `ada-${language}@example.com`, token: 't' })
      if (registered.__typename !== 'Registered') throw new Error(registered.message)
      const { identityId } = registered
      await client.revoke(identityId)
      const ofIdentity = () => lines().filter((line) => line.endsWith(identityId))
      await eventually(() => expect(ofIdentity()).toHaveLength(2), 60_000)
      expect(ofIdentity()).toEqual([`REGISTERED ${identityId}`, `REVOKED ${identityId}`])

      const { nodes } = await client.eventPage({ identityId })
      const eventIds = nodes.filter(({ type }) => type === 'REVOKED').map(({ cursor }) => cursor)
      expect(await client.webhooks.replay({ endpointId: endpoint.id, eventIds })).toEqual(eventIds)
      await eventually(async () => {
        const attempts = await client.webhooks.attempts({ endpointId: endpoint.id })
        expect(attempts.nodes.map(({ status }) => status)).toEqual([204, 204, 204])
      }, 60_000)
      expect(ofIdentity()).toHaveLength(2)

      const now = String(Math.floor(Date.now() / 1000))
      const old = String(Number(now) - 301)
      const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
      const body = JSON.stringify({ id: 'x', type: 'REVOKED', data: { identityId: 'x' } })
      const headers = (timestamp: string, signature: string) => ({
        'webhook-id': 'x',
        'webhook-timestamp': timestamp,
        'webhook-signature': signature,
      })
      const right = signed(secret, now, body)
      expect(await post(headers(now, right), `${body} `)).toBe(400)
      expect(await post(headers(now, signed(other, now, body)), body)).toBe(400)
      expect(await post(headers(old, signed(secret, old, body)), body)).toBe(400)
      expect(await post(headers('soon', signed(secret, 'soon', body)), body)).toBe(400)
      // While a secret is changed over there are two signatures.
      expect(await post(headers(now, `${signed(other, now, body)} ${right}`), body)).toBe(204)
    } finally {
      await stop(child)
      await client.webhooks.delete(endpoint.id)
    }
  },
  150_000,
)
