import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { portOf } from '@emailauth/service/http/port-of'
import { makeCertificates } from '@emailauth/testing/certificates'
import { Agent, buildConnector } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { ANSWER_MAX_BYTES, boundAnswers } from './bound-answers.ts'

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

/** Where undici reads on for as long as something comes: how it begins, and what comes without end. */
const FLOODS: readonly (readonly [where: string, begin: string, piece: string])[] = [
  ['empty lines before the answer', '', '\r\n'],
  ['the reason phrase', 'HTTP/1.1 200 ', 'x'],
  ['spaces before a value', 'HTTP/1.1 200 OK\r\na:', ' '],
  ['the extension of a chunk', `${CHUNKED}1;a=`, 'x'],
  ['leading zeros of a chunk', CHUNKED, '0'],
]

/** Floods each connection that asks for something, until the other side ends it. */
function flood(socket: Socket, begin: string, piece: string): void {
  const pieces = Buffer.alloc(65_536, piece)
  const write = () => {
    while (!socket.destroyed && socket.write(pieces));
  }
  socket.on('error', () => {})
  socket.on('drain', write)
  socket.once('data', () => {
    socket.write(begin)
    write()
  })
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return portOf(server)
}

function agentOf(options: buildConnector.BuildOptions = {}): Agent {
  const agent = new Agent({ connect: boundAnswers(buildConnector(options)), keepAliveTimeout: 600_000 })
  onTestFinished(() => agent.destroy())
  return agent
}

const ask = async (agent: Agent, origin: string) => {
  const { body } = await agent.request({ origin, path: '/', method: 'POST', body: '{}' })
  return body.text()
}

test.each(FLOODS)('a receiver that floods %s is cut off', async (_, begin, piece) => {
  const port = await listen(createServer((socket) => flood(socket, begin, piece)))
  await expect(ask(agentOf(), `http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'ELONG' })
})

test('one that floods a connection that is kept, too', async () => {
  const server = createServer((socket) => flood(socket, EMPTY, '\r\n'))
  const port = await listen(server)
  const [[socket]] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    ask(agentOf(), `http://127.0.0.1:${port}`),
  ])
  // Not `once`, which fails at the reset that comes before.
  if (!socket.destroyed) await new Promise((closed) => socket.on('close', closed))
})

test('and one that floods by TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-answers-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = await makeCertificates(folder)
  const [ca, cert, key] = await Promise.all(
    [files.ca, files.certificate, files.key].map((file) => readFile(file)),
  )
  const port = await listen(createTlsServer({ cert, key }, (socket) => flood(socket, '', '\r\n')))
  await expect(ask(agentOf({ ca }), `https://localhost:${port}`)).rejects.toMatchObject({ code: 'ELONG' })
})

test('each request on a connection has the whole bound', async () => {
  let connections = 0
  const length = ANSWER_MAX_BYTES * 0.75
  const server = createServer((socket) => {
    connections += 1
    socket.on('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`)
    })
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  const agent = agentOf()
  for (let i = 0; i < 6; i++) expect(await ask(agent, origin)).toHaveLength(length)
  // A second one while the first is not quite free again.
  expect(connections).toBeLessThanOrEqual(2)
})

test('a bound ten times as large or as small would not do', () => {
  // 64 KiB of a body in chunks of two bytes, and 16 KiB of headers.
  expect(ANSWER_MAX_BYTES).toBeGreaterThan((65_536 / 2) * '2\r\nxx\r\n'.length + 16_384)
  expect(ANSWER_MAX_BYTES).toBeLessThan(1_000_000)
})
