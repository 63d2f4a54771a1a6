import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { startSystem } from '@emailauth/testing/system'
import { expect, test } from 'vitest'
import { createClient } from '../src/client.ts'

test('the client for Python passes its tests at a real gateway', async () => {
  const { url, apiKey, adminKey, inboxUrl, stop } = await startSystem()
  try {
    const returnUrls = ['https://shop.example.com/back']
    await createClient({ url, apiKey: adminKey }).updateTenant({ id: 'demo', settings: { returnUrls } })
    const cwd = fileURLToPath(new URL('../../../clients/python', import.meta.url))
    const env = {
      EMAILAUTH_URL: url,
      EMAILAUTH_API_KEY: apiKey,
      INBOX_URL: inboxUrl,
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const ended = await runProgram('python3', ['-W', 'error', '-m', 'unittest', '-v'], { cwd, env })
    expect(ended, ended.output).toMatchObject({ code: 0 })
    expect(ended.output).toMatch(/Ran (?:[8-9]|1\d) tests/)
  } finally {
    await stop()
  }
}, 120_000)
