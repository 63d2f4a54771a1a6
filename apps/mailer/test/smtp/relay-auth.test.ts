import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULT_RELAY_LIMITS } from '../../src/relays/relay-limits.ts'
import { createSmtp } from '../../src/relays/relays.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import type { Smtp } from '../../src/smtp/hand-over.ts'
import { COMMAND_LIMITS, loginOf, printToken, readRelayAuth, renewToken } from '../../src/smtp/relay-auth.ts'
import { parseSmtpUrl } from '../../src/smtp/smtp-url.ts'

let smtp: Smtp | undefined
let relay: TestSmtp | undefined
afterEach(async () => {
  smtp?.close()
  await relay?.stop()
})

/** A relay that takes only these access tokens of `app@acme.example`, by XOAUTH2. */
async function startRelay(tokens: readonly string[]): Promise<TestSmtp> {
  const options = {
    authOptional: false,
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
  }
  relay = await startSmtp(
    {
      auth: (user, token) =>
        tokens.includes(token) && user === 'app@acme.example' ? undefined : { code: 535, text: '5.7.8 no' },
    },
    options,
  )
  return relay
}

function sendOver(url: string, options: string) {
  const server = parseSmtpUrl(url.replace('//', '//app%40acme.example@').concat(options))
  smtp = createSmtp([server], DEFAULT_RELAY_LIMITS, () => {})
  const raw = 'Subject: x\r\n\r\nx\r\n'
  return () => smtp?.handOver({ from: 'app@acme.example', to: 'ada@example.com', raw, cutOff: new CutOff() })
}

test('a command prints the token; one that prints none is reported, without its output', async () => {
  const { url } = await startRelay(['ya29.good'])
  const good = sendOver(url, '?auth=xoauth2&tokenCommand=printf%20ya29.good')
  expect(await good()).toMatchObject({ outcome: 'sent' })
  smtp?.close()
  for (const command of ['printf%20ya29.bad', 'echo%20secret-in-error%20%3E%262%3B%20false', 'true']) {
    const bad = await sendOver(url, `?auth=xoauth2&tokenCommand=${command}`)()
    expect(bad?.outcome).toBe('deferred')
    expect(bad?.reply).not.toContain('secret')
    smtp?.close()
  }
})

test.each([
  ['a password', '?auth=password', ':pass-planted'],
  ['an access token', '?auth=xoauth2&tokenCommand=printf%20token-planted', ''],
])('a relay that quotes the sign-in reveals no %s', async (_, options, password) => {
  const quoting = createServer((socket) => {
    socket.setEncoding('utf8').write('220 quoting ESMTP\r\n')
    onTestFinished(() => void socket.destroy())
    socket.on('data', (line: string) => {
      const said = line.trim()
      const meaning = Buffer.from(said.split(' ').at(-1) ?? '', 'base64')
        .toString()
        .split('\0')
        .join(' ')
      if (said.startsWith('EHLO')) socket.write('250-quoting\r\n250 AUTH PLAIN XOAUTH2\r\n')
      else socket.write(`535 5.7.8 ${said} is ${meaning}\r\n`)
    })
  })
  await once(quoting.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void quoting.close())
  const url = `smtp://app%40acme.example${password}@127.0.0.1:${(quoting.address() as AddressInfo).port}${options}`
  const replies: string[] = []
  smtp = createSmtp([parseSmtpUrl(url)], DEFAULT_RELAY_LIMITS, (_, { reply }) => void replies.push(reply))
  const raw = 'Subject: x\r\n\r\nx\r\n'
  const mail = { from: 'app@acme.example', to: 'ada@example.com', raw, cutOff: new CutOff() }
  replies.push((await smtp.handOver(mail)).reply)
  expect(replies).toHaveLength(2)
  for (const reply of replies) {
    expect(reply).toMatch(/^535 5\.7\.8 AUTH \w+ … is /)
    expect(reply).not.toContain('planted')
  }
})

test('a refresh token is traded for an access token, once for all sessions; a refused one is fetched anew', async () => {
  const issued = ['first', 'second', 'third']
  const bodies: string[] = []
  const endpoint = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      bodies.push(body)
      response.end(JSON.stringify({ access_token: issued.shift(), expires_in: 3600 }))
    })
  })
  await new Promise<void>((listening) => endpoint.listen(0, '127.0.0.1', listening))
  const { port } = endpoint.address() as AddressInfo
  const valid = ['first']
  const { url } = await startRelay(valid)
  const query = `?auth=xoauth2&clientId=id&clientSecret=hush&tokenUrl=http://127.0.0.1:${port}/token`
  const server = parseSmtpUrl(url.replace('//', '//app%40acme.example:refresh@').concat(query))
  smtp = createSmtp([server], DEFAULT_RELAY_LIMITS, () => {})
  const raw = 'Subject: x\r\n\r\nx\r\n'
  const mail = { from: 'app@acme.example', to: 'ada@example.com', raw, cutOff: new CutOff() }
  const sent = await Promise.all(
    Array.from({ length: 8 }, () => smtp?.handOver({ ...mail, cutOff: new CutOff() })),
  )
  expect(sent.every((answer) => answer?.outcome === 'sent')).toBe(true)
  expect(bodies).toHaveLength(1)
  expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'refresh',
    client_id: 'id',
    client_secret: 'hush',
  })

  // The provider takes that token back: new connections get a new one, and the mails go out.
  smtp?.close()
  valid.splice(0, 1, 'second')
  smtp = createSmtp([server], DEFAULT_RELAY_LIMITS, () => {})
  expect(await smtp.handOver({ ...mail, cutOff: new CutOff() })).toMatchObject({ outcome: 'sent' })
  expect(bodies).toHaveLength(2)

  // One that refuses every token costs one more token a minute, not one for each mail.
  smtp?.close()
  valid.length = 0
  smtp = createSmtp([{ ...server }], DEFAULT_RELAY_LIMITS, () => {})
  for (let i = 0; i < 3; i++)
    expect(await smtp.handOver({ ...mail, cutOff: new CutOff() })).toMatchObject({ outcome: 'deferred' })
  expect(bodies).toHaveLength(2)
  endpoint.close()
})

function printedBy(command: string) {
  const auth = readRelayAuth(
    'app@acme.example',
    '',
    new URLSearchParams({ auth: 'xoauth2', tokenCommand: command }),
  )
  if (auth === undefined) throw new Error('no credentials')
  return auth
}

test('a printed token is used for five minutes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-token-'))
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(async () => {
    vi.useRealTimers()
    await rm(folder, { recursive: true })
  })
  const runs = join(folder, 'runs')
  const { oauth2 } = loginOf(printedBy(`printf x >>${runs}; printf token`))
  const getToken = () =>
    new Promise<string | undefined>((done, failed) =>
      oauth2?.getToken(false, (error, token) => (error ? failed(error) : done(token))),
    )
  for (const [laterMs, count] of [
    [0, 1],
    [298_000, 1],
    [3000, 2],
  ] as const) {
    vi.setSystemTime(Date.now() + laterMs)
    expect(await getToken()).toBe('token')
    expect(await readFile(runs, 'utf8')).toHaveLength(count)
  }
})

test('a token has at most 64 KiB, and its command 30 s', async () => {
  expect(COMMAND_LIMITS).toEqual({ timeout: 30_000, maxBuffer: 65_536 })
  const long = (bytes: number) => printToken(`head -c ${bytes} /dev/zero | tr '\\0' x`)
  expect(await long(65_536)).toHaveLength(65_536)
  await expect(long(65_537)).rejects.toThrow('maxBuffer')
  await expect(printToken('exec sleep 60', { ...COMMAND_LIMITS, timeout: 20 })).rejects.toMatchObject({
    killed: true,
  })
})

test('a refused token is replaced at most once a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const auth = printedBy('true')
  const began = performance.now()
  expect(renewToken(auth, began)).toBe(true)
  // Another session that began with the former token.
  expect(renewToken(auth, began)).toBe(true)
  vi.advanceTimersByTime(59_000)
  expect(renewToken(auth, performance.now())).toBe(false)
  vi.advanceTimersByTime(1000)
  expect(renewToken(auth, performance.now())).toBe(true)
})
