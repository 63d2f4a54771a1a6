import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { eventually, START_MS } from '@emailauth/testing/eventually'
import { runProgram } from '@emailauth/testing/packed'
import { startSystem } from '@emailauth/testing/system'
import { expect, test } from 'vitest'
import { createClient } from '../src/client.ts'

test('the client for Python passes its tests at a real gateway', async () => {
  const { url, apiKey, adminKey, inboxUrl, stop } = await startSystem()
  try {
    const returnUrls = ['https://shop.example.com/back']
    const admin = createClient({ url, apiKey: adminKey, timeoutMs: 60_000 })
    // A starved machine refuses calls while its Redis gets no CPU.
    await eventually(() => admin.updateTenant({ id: 'demo', settings: { returnUrls } }), START_MS)
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
    await expect(printedProgram(cwd, { url, apiKey, inboxUrl })).resolves.toBe('hello\n')
  } finally {
    await stop()
  }
})

/** Runs the program of the README, for which a person types the number that was mailed. */
async function printedProgram(
  cwd: string,
  { url, apiKey, inboxUrl }: { url: string; apiKey: string; inboxUrl: string },
): Promise<string> {
  const page = await readFile(`${cwd}/README.md`, 'utf8')
  const [, printed = ''] = /```python\n([\s\S]*?)```/.exec(page) ?? []
  const typed = `number_for("ada@example.com")`
  const program = printed
    .replace('http://127.0.0.1:4000', url)
    .replace('ea_...', apiKey)
    .replace(/"\d{4} \d{4} \d{4}"/, typed)
  expect(program).toContain(typed)
  const helper = ['from test_emailauth import number_for', program].join('\n')
  const env = {
    EMAILAUTH_URL: url,
    EMAILAUTH_API_KEY: apiKey,
    INBOX_URL: inboxUrl,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const { output } = await runProgram('python3', ['-W', 'error', '-c', helper], { cwd, env })
  return output
}
