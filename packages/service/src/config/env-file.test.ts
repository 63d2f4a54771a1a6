import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withEnvFile } from './env-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-env-'))
  await writeFile(
    join(folder, '.env'),
    'EMAILAUTH_LOG_LEVEL=warn\nEMAILAUTH_SERVICE_TOKEN="from the file"\nAWS_SECRET=x\nNODE_OPTIONS=--inspect\n',
  )
  await writeFile(join(folder, 'other.env'), 'EMAILAUTH_LOG_LEVEL=debug\n')
})
afterAll(() => rm(folder, { recursive: true }))

test('our variables of .env are read, and no others', () => {
  expect(withEnvFile({ PATH: '/bin' }, folder)).toEqual({
    PATH: '/bin',
    EMAILAUTH_LOG_LEVEL: 'warn',
    EMAILAUTH_SERVICE_TOKEN: 'from the file',
  })
})

test('what the environment sets wins, also empty and as the name of a file', () => {
  const env = { EMAILAUTH_LOG_LEVEL: '', EMAILAUTH_SERVICE_TOKEN_FILE: '/run/token' }
  expect(withEnvFile(env, folder)).toEqual(env)
})

test('another file can be named, or none; a named one must be there', () => {
  const level = (name: string) => withEnvFile({ EMAILAUTH_ENV_FILE: name }, folder).EMAILAUTH_LOG_LEVEL
  expect([level('other.env'), level('none'), level('')]).toEqual(['debug', undefined, 'warn'])
  expect(() => level('gone.env')).toThrow(/EMAILAUTH_ENV_FILE: .*gone\.env cannot be read \(ENOENT\)/)
  expect(withEnvFile({}, join(folder, 'nowhere'))).toEqual({})
})
