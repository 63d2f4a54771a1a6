import { expect, test } from 'vitest'
import { checkSettings } from './check-settings.ts'

const root = new URL('../../../../', import.meta.url).pathname

test('a setting that two services warn of is one finding', async () => {
  const env = { EMAILAUTH_REDIS_URL: 'rediss://:secret@h:6379?family=0' }
  expect(await checkSettings({ env, root })).toEqual([
    {
      name: 'Settings',
      state: 'warn',
      detail: expect.stringMatching(/^EMAILAUTH_REDIS_URL: Options after \? are not used(?!.*secret)/),
      fix: 'Correct it, or leave it if it is meant.',
    },
  ])
  expect(await checkSettings({ env: {}, root })).toEqual([])
})
