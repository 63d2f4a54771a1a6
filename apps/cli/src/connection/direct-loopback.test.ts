import { expect, test } from 'vitest'
import { keepLoopbackDirect } from './direct-loopback.ts'

test.each([
  [{}, { NO_PROXY: '127.0.0.1,localhost,::1,[::1]' }],
  [{ NO_PROXY: 'a.example, localhost' }, { NO_PROXY: 'a.example,localhost,127.0.0.1,::1,[::1]' }],
  [
    { NO_PROXY: 'a.example', no_proxy: 'b.example' },
    { NO_PROXY: 'a.example', no_proxy: 'b.example,127.0.0.1,localhost,::1,[::1]' },
  ],
  [{ NO_PROXY: '*' }, { NO_PROXY: '*' }],
])('%o', (env: Record<string, string | undefined>, expected) => {
  keepLoopbackDirect(env)
  expect(env).toEqual(expected)
})
