import { expect, test } from 'vitest'
import { CliError } from '../exit-codes.ts'
import { connect, mergeSettings } from './settings.ts'

const file = {
  path: '/p/.emailauth/credentials.json',
  credentials: {
    url: 'http://127.0.0.1:4000',
    apiKey: 'file',
    adminKey: 'admin',
    inboxUrl: 'http://127.0.0.1:8025',
  },
}

test('the file is used where nothing else speaks', () => {
  expect(mergeSettings(undefined, {}, file)).toMatchObject({ ...file.credentials, file: file.path })
})

test('flag before environment before file', () => {
  const env = { EMAILAUTH_URL: 'http://env', EMAILAUTH_API_KEY: 'env' }
  expect(mergeSettings('http://flag', env, file)).toMatchObject({
    url: 'http://flag',
    apiKey: 'env',
    adminKey: 'env',
  })
  expect(mergeSettings(undefined, env, file).url).toBe('http://env')
})

test('an empty variable counts as absent', () => {
  const env = { EMAILAUTH_URL: '', EMAILAUTH_API_KEY: '' }
  expect(mergeSettings(undefined, env, file)).toMatchObject({ url: file.credentials.url, apiKey: 'file' })
})

test('a key from the file goes to no other server', () => {
  for (const url of [
    'http://127.0.0.1:4001',
    'https://127.0.0.1:4000',
    'http://example.com:4000',
    'rubbish',
  ]) {
    expect(mergeSettings(url, {}, file)).toMatchObject({ url, apiKey: undefined, adminKey: undefined })
  }
  expect(mergeSettings('http://localhost:4000/', {}, file).apiKey).toBe('file')
})

test('without anything there is a URL to try, and no key', () => {
  expect(mergeSettings(undefined, {}, undefined)).toEqual({
    source: 'default',
    url: 'http://127.0.0.1:4000',
    apiKey: undefined,
    adminKey: undefined,
    inboxUrl: 'http://127.0.0.1:8025',
    file: undefined,
  })
})

test('beside installed services, their environment says where the gateway is, and that there is no inbox', () => {
  const env = { EMAILAUTH_GATEWAY_PORT: '4100', EMAILAUTH_SMTP_URL: 'smtp://relay.example.com' }
  const here = { url: 'http://127.0.0.1:4100', inboxUrl: null }
  expect(mergeSettings(undefined, env, undefined)).toMatchObject(here)
  expect(mergeSettings(undefined, env, file)).toMatchObject({ ...file.credentials })
})

test('the file may say that there is no inbox', () => {
  const credentials = { ...file.credentials, inboxUrl: null }
  expect(mergeSettings(undefined, {}, { ...file, credentials }).inboxUrl).toBeNull()
})

test('without a key, or with a URL that is none, nothing is sent', () => {
  const settings = mergeSettings(undefined, {}, undefined)
  for (const as of ['tenant', 'admin', 'either'] as const) {
    expect(() => connect(settings, as)).toThrow(expect.objectContaining({ exitCode: 4 }))
  }
  expect(() => connect({ ...settings, url: 'nowhere', apiKey: 'k' }, 'tenant')).toThrow(CliError)
  expect(() => connect({ ...settings, url: 'nowhere', apiKey: 'k' }, 'tenant')).toThrow(
    expect.objectContaining({ exitCode: 64 }),
  )
})
