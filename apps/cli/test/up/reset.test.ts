import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem } from '@emailauth/testing/system'
import { expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

test('reset deletes what up has kept, leaves what is not its own, and up begins anew', async () => {
  const home = await mkdtemp(join(tmpdir(), 'emailauth-reset-'))
  const env = { EMAILAUTH_HOME: home, HOME: home }
  const tenantIds = async () => {
    const { stdout } = await runHere(['tenants', 'list', '--json'], { env })
    return JSON.parse(stdout).map(({ id }: { id: string }) => id)
  }
  try {
    const first = await startSystem({ home })
    expect((await runHere(['tenants', 'create', 'shop'], { env })).exitCode).toBe(0)
    expect(await tenantIds()).toContain('shop')
    expect((await runHere(['reset', '--yes'], { env })).exitCode).toBe(1)
    expect(await tenantIds()).toContain('shop')
    await first.stop()

    await writeFile(join(home, 'notes.txt'), 'mine')
    // Without a terminal nobody can be asked.
    expect((await runHere(['reset'], { env })).exitCode).not.toBe(0)
    expect(await readdir(home)).toContain('credentials.json')
    const reset = await runHere(['reset', '--yes', '--json'], { env })
    expect([reset.exitCode, JSON.parse(reset.stdout)]).toEqual([0, { home, deleted: true }])
    expect(await readdir(home)).toEqual(['notes.txt'])

    const second = await startSystem({ home })
    expect(second.apiKey).not.toBe(first.apiKey)
    expect(await tenantIds()).not.toContain('shop')
    await second.stop()
    const nowhere = { ...env, EMAILAUTH_HOME: join(home, 'nowhere') }
    const nothing = await runHere(['reset', '--yes', '--json'], { env: nowhere })
    expect([nothing.exitCode, JSON.parse(nothing.stdout).deleted]).toEqual([0, false])
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
