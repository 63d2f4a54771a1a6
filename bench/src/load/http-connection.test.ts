import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openHttpConnection, takeReply } from './http-connection.ts'

const REQUEST = Buffer.from('GET / HTTP/1.1\r\n\r\n')
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(onRequest: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    closers.push(() => socket.destroy())
    socket.on('data', () => onRequest(socket))
  }).listen(0, '127.0.0.1')
  closers.push(() => server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('a reply is taken once it is whole', () => {
  const text = 'HTTP/1.1 201 Created\r\nContent-Length: 4\r\nx: y\r\n\r\nbody'
  for (let length = 0; length < text.length; length++)
    expect(takeReply(text.slice(0, length))).toBeUndefined()
  expect(takeReply(`${text}HTTP/1.1 200`)).toEqual({ status: 201, body: 'body', end: text.length })
})

test('a reply without a length is an error', () => {
  expect(takeReply('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')).toBe('no-length')
  expect(takeReply('HTTP/1.1 200 OK\r\nx-content-length-not: 3\r\n\r\nabc')).toBe('no-length')
})

test('one connection carries request after request, in however many pieces replies come', async () => {
  let count = 0
  const port = await serve((socket) => {
    count++
    socket.setNoDelay(true)
    socket.write('HTTP/1.1 200 OK\r\ncontent-le')
    setImmediate(() => socket.write(`ngth: 1\r\n\r\n${count}`))
  })
  const connection = openHttpConnection(port)
  closers.push(() => connection.close())
  expect(await connection.exchange(REQUEST)).toMatchObject({ status: 200, body: '1' })
  expect(await connection.exchange(REQUEST)).toMatchObject({ status: 200, body: '2' })
})

test('a connection that breaks fails its request, and every later one', async () => {
  const port = await serve((socket) => socket.destroy())
  const connection = openHttpConnection(port)
  await expect(connection.exchange(REQUEST)).rejects.toThrow(/closed|ECONNRESET/)
  await expect(connection.exchange(REQUEST)).rejects.toThrow('closed')
})
