import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test } from 'vitest'

const KEY = `ea_${'0'.repeat(12)}_${'0'.repeat(40)}`
const CLI = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** RFC 6455, section 1.3. */
const WEB_SOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A gateway that hangs once it has been asked for events. */
async function startHungGateway() {
  const gateway = createServer().on('upgrade', ({ headers }, socket) => {
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${WEB_SOCKET}`).digest('base64')
    socket.on('error', () => {})
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    )
    socket.once('data', () => {
      const acknowledged = '{"type":"connection_ack"}'
      socket.write(Buffer.concat([Buffer.from([0x81, acknowledged.length]), Buffer.from(acknowledged)]))
      socket.once('data', () => gateway.emit('hung'))
    })
  })
  gateway.listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  onTestFinished(() => void gateway.close())
  const { port } = gateway.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, hung: () => once(gateway, 'hung') }
}

test.each([
  ['events --follow', ['events', '--follow']],
  ['listen', ['listen', '--forward-to', 'http://127.0.0.1:9/']],
])('%s ends by a signal although the gateway hangs', async (_, args) => {
  const gateway = await startHungGateway()
  const hung = gateway.hung()
  const command = spawn(process.execPath, [CLI, ...args, '--after', '0', '--url', gateway.url], {
    env: { EMAILAUTH_API_KEY: KEY, EMAILAUTH_ENV_FILE: 'none' },
  })
  onTestFinished(() => void command.kill('SIGKILL'))
  const said = Promise.all([text(command.stdout), text(command.stderr)])
  const ended = once(command, 'close')
  await Promise.race([hung, ended])
  command.kill('SIGTERM')
  expect(await ended, (await said).join('')).toEqual([0, null])
})

test.runIf(process.platform !== 'win32')('SIGTERM to npx ends the command that it runs', async () => {
  const gateway = await startHungGateway()
  const hung = gateway.hung()
  // npx passes the signal on to a shell like this one, which ends without the command.
  const line = `"${process.execPath}" "${CLI}" events --follow --after 0 --url ${gateway.url} & echo $!; wait`
  const shell = spawn('sh', ['-c', line], {
    env: { EMAILAUTH_API_KEY: KEY, npm_command: 'exec', npm_lifecycle_script: "'emailauth'" },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [printed] = await once(shell.stdout, 'data')
  const pid = Number(String(printed))
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  await hung
  shell.kill('SIGTERM')
  await eventually(() => expect(isRunning(pid)).toBe(false))
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
