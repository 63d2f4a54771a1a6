import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCredentials } from '../../src/connection/credentials.ts'
import { REGISTER, registered } from '../cli-with.ts'
import { startGateway } from '../gateway.ts'
import { runHere } from '../run-here.ts'

test('without a key: 4, without a server: 6', async () => {
  const keyless = await runHere(['identities'])
  expect(keyless.exitCode).toBe(4)
  // `up` is in a clone only.
  expect(keyless.stderr).toContain('emailauth login')
  expect(keyless.stderr).not.toContain('emailauth up')
  const away = { EMAILAUTH_URL: 'http://127.0.0.1:1', EMAILAUTH_API_KEY: 'k' }
  expect(await runHere(['identities'], { env: away })).toMatchObject({ exitCode: 6, stdout: '' })
})

test('the project file is found, its keys fit their commands, and they go nowhere else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-cli-'))
  const gateway = await startGateway({
    register: { data: registered },
    tenants: { data: [] },
    revokeIdentity: { data: true },
  })
  try {
    const below = join(folder, 'src', 'deep')
    await mkdir(join(folder, '.emailauth'))
    await mkdir(below, { recursive: true })
    const credentials = { url: gateway.url, apiKey: 'tenant-key', adminKey: 'admin-key', inboxUrl: null }
    await writeCredentials(join(folder, '.emailauth', 'credentials.json'), credentials)
    await runHere([...REGISTER, 't'], { folder: below })
    await runHere(['tenants', 'list'], { folder: below })
    await runHere(['revoke', 'demo.x', '--yes'], { folder: below })
    expect(gateway.calls.map(({ authorization }) => authorization)).toEqual([
      'Bearer tenant-key',
      'Bearer admin-key',
      'Bearer admin-key',
    ])
    expect(
      (await runHere(['tenants', 'list', '--url', 'http://127.0.0.1:1'], { folder: below })).exitCode,
    ).toBe(4)
    expect((await runHere(['inbox'], { folder: below })).stderr).toContain('no built-in inbox')
  } finally {
    await gateway.stop()
    await rm(folder, { recursive: true })
  }
})
