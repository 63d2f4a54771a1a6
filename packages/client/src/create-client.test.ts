import { expect, test } from 'vitest'
import { createClient } from './client.ts'

const fetchedBy = async (url: string | URL) => {
  const fetched: string[] = []
  const answer = async (at: Parameters<typeof fetch>[0]) => {
    fetched.push(String(at))
    return Response.json({ data: { viewer: { scope: 'TENANT' } } })
  }
  await createClient({ url, apiKey: 'k', fetch: answer }).viewer()
  return fetched
}

test.each([
  ['http://h', 'http://h/graphql'],
  [new URL('https://h:4000/'), 'https://h:4000/graphql'],
  ['https://h/graphql?key=1#top', 'https://h/graphql?key=1'],
  ['https://h/mail?key=1', 'https://h/mail/graphql?key=1'],
  ['https://h/graphql/graphql//', 'https://h/graphql/graphql'],
  ['https://h/graphql/a', 'https://h/graphql/a/graphql'],
])('calls of a client of %s go to %s', async (url, endpoint) => {
  expect(await fetchedBy(url)).toEqual([endpoint])
})

test.each(['', 'h', 'ftp://h', 'ws://h'])('%j is no URL of emailauth', (url) => {
  expect(() => createClient({ url, apiKey: 'k' })).toThrow(
    new TypeError('The URL of emailauth begins with http:// or https://, for example http://127.0.0.1:4000.'),
  )
})

test.each(['', ' ', 'a b', 'k\n', 'é', '\u007f', undefined as unknown as string])(
  '%j is no API key',
  (apiKey) => {
    expect(() => createClient({ url: 'http://h', apiKey })).toThrow(
      new TypeError('The API key is empty or has a character that no key has.'),
    )
  },
)
