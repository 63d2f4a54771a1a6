import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

// Plain JavaScript, which npm run dev loads before anything is built.
const { devPrograms } = await import(new URL('../../scripts/dev/dev-programs.mjs', import.meta.url).href)

test('npm run dev finds its programs without a PATH', () => {
  for (const { file, cwd } of devPrograms([], {})) {
    const { status, stderr } = spawnSync(process.execPath, [file, '--version'], {
      cwd,
      env: {},
      encoding: 'utf8',
    })
    expect(status, `${file}: ${stderr}`).toBe(0)
  }
})

test('the dashboard with hot reload asks the gateway where it listens', () => {
  const urlOf = (env: Record<string, string>) => devPrograms([], env)[1]?.env.EMAILAUTH_URL
  expect(urlOf({})).toBe('http://127.0.0.1:4000')
  expect(urlOf({ EMAILAUTH_GATEWAY_PORT: '4444' })).toBe('http://127.0.0.1:4444')
  expect(urlOf({ EMAILAUTH_URL: 'http://127.0.0.1:5555' })).toBe('http://127.0.0.1:5555')
})
