import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { isClosing } from '@emailauth/service/http/draining'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test } from 'vitest'
import { buildItemService } from './item-service.ts'
import { serviceToken } from './test-service.ts'

const OPEN = `POST /v1/batch-stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${serviceToken}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`

test('a stream that is opened while the service closes is drained at once, and does not delay the end', async () => {
  const app = await buildItemService({ gate: Promise.resolve(), asked: [], hungUp: [] })
  let go = () => {}
  // As a mailer that waits for its mails.
  const work = new Promise<void>((done) => {
    go = done
  })
  app.addHook('preClose', () => work)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  let said = ''
  socket.on('data', (piece) => (said += piece))
  // Another head on this connection, so that the service has accepted it before it closes.
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
  await eventually(() => expect(said).toContain('200 OK'))

  const closed = app.close()
  await eventually(() => expect(isClosing(app)).toBe(true))
  socket.write(OPEN)
  await eventually(() => expect(said).toContain('{"closing":true}'))
  // As the client does: it ends its request, and the service its reply.
  socket.write('0\r\n\r\n')
  await once(socket, 'end')
  go()
  await closed
})
