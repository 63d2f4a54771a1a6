import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { createCookies } from './cookies.ts'

/** What the gateway reads of the cookies, if a page of `origin` sends them to `host`. */
function readBy(host: string, headers: Readonly<Record<string, string>>) {
  const cookie = 'emailauth-sign-in=plain; __Host-emailauth-sign-in=secure'
  const request = { headers: { host, cookie, ...headers } } as unknown as FastifyRequest
  return createCookies(request, undefined).read('sign-in')
}

test.each([
  ['a.example', 'https://a.example', 'secure'],
  ['a.example:8443', 'https://a.example:8443', 'secure'],
  ['localhost:4000', 'http://localhost:4000', 'plain'],
  ['127.0.0.1', 'http://127.0.0.1', 'plain'],
  ['[::1]:4000', 'http://[::1]:4000', 'plain'],
  ['a.localhost', 'http://a.localhost', 'secure'],
  // A page that somebody in the network wrote in the name of ours.
  ['a.example', 'http://a.example', undefined],
  ['a.example:8443', 'http://a.example:8443', undefined],
  ['a.example', 'https://a.example:8443', undefined],
  ['a.example', 'https://b.example', undefined],
  ['a.example', 'https://a.example.evil.example', undefined],
  ['localhost', 'http://localhost:8080', undefined],
  ['a.example', 'null', undefined],
  ['a.example', '', undefined],
])('at %s cookies that come with a page of %s count as %s', (host, origin, cookie) => {
  expect(readBy(host, { origin })).toBe(cookie)
})

test('cookies of programs count, and those of a page of which the browser says that it is another site do not', () => {
  expect(readBy('a.example', {})).toBe('secure')
  expect(readBy('a.example', { 'sec-fetch-site': 'same-origin' })).toBe('secure')
  for (const site of ['same-site', 'cross-site', 'none'])
    expect(readBy('a.example', { 'sec-fetch-site': site })).toBeUndefined()
})
