import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { STORE_ID_HEADER } from '@emailauth/contracts/store-id'
import { expect, onTestFinished, test } from 'vitest'
import { checkOneStore } from './check-one-store.ts'

/** A balancer that chooses a process, by its store's id, for each connection. */
async function balancer(...stores: readonly (string | undefined)[]) {
  let connections = 0
  const server = createServer((request, response) => {
    const { url } = request
    const store = of.get(request.socket)
    if (url !== '/readyz') return response.writeHead(404).end()
    response.writeHead(200, store === undefined ? {} : { [STORE_ID_HEADER]: store }).end('{}')
  })
  const of = new WeakMap<object, string | undefined>()
  server.on('connection', (socket) => of.set(socket, stores[connections++ % stores.length]))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const check = (...urls: readonly [string, ...string[]]) =>
  checkOneStore({ urls, persistenceUrl: urls[0], serviceToken: 't', fetch })

test('two stores behind one URL are found, also where a balancer chooses for a whole connection', async () => {
  const [found, ...more] = await check(await balancer('b', 'a', 'b'))
  expect(found).toMatchObject({
    name: 'Store',
    state: 'fail',
    detail: expect.stringMatching(/^the processes of persistence have different stores: a, b\./),
    fix: expect.stringMatching(/EMAILAUTH_REDIS_URL/),
  })
  expect(more).toEqual([])
})

test('so are those of two URLs, with one that is away', async () => {
  const away = 'http://127.0.0.1:1'
  expect(await check(await balancer('a'), away, await balancer('b'))).toHaveLength(1)
})

test('one store is none to name, nor is a process of an earlier version', async () => {
  expect(await check(await balancer('a', undefined), await balancer('a'))).toEqual([])
})

test('one process of eight is found', async () => {
  expect(await check(await balancer('a', 'a', 'a', 'a', 'a', 'a', 'a', 'b'))).toHaveLength(1)
  expect(await check(await balancer('a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'b'))).toEqual([])
})
