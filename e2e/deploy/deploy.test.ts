import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { execute, filesBelow, isHere, read, root } from './deploy-files.ts'

test('every variable that deploy/ sets is one that a service reads', async () => {
  const known = new Set((await read('.env.example')).match(/EMAILAUTH_\w+/g))
  // Built from the name of the service.
  known.add('EMAILAUTH_')
  const files = await filesBelow('deploy', () => true)
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) {
    const named = (await read(file)).match(/EMAILAUTH_\w*/g) ?? []
    expect({ file, unknown: [...new Set(named)].filter((name) => !known.has(name)) }).toEqual({
      file,
      unknown: [],
    })
  }
})

/** The unit of each service, and of `serve`. */
async function units(): Promise<string[]> {
  const found = await filesBelow('deploy/systemd', (name) => name.endsWith('.service'))
  expect(found).toHaveLength(4)
  return found
}

test('a service that crashes under systemd writes no memory to the disk', async () => {
  for (const unit of await units()) expect(await read(unit), unit).toMatch(/^LimitCORE=0$/m)
})

test('the steps of the page make what the units need: program, environment file, user, and the unit itself', async () => {
  const page = await read('docs/deployment/install.md')
  expect(page).toContain('cp deploy/systemd/*.service /etc/systemd/system/')
  expect(page).toMatch(/git clone \S+ \/opt\/emailauth /)
  const unit = await read('deploy/systemd/emailauth-gateway.service')
  const setting = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(unit)?.[1] ?? ''
  expect(setting('ExecStart')).toMatch(/^\/usr\/bin\/node .* \/opt\/emailauth\//)
  // Without -D the folder would have to be there.
  const example = 'deploy/systemd/gateway.env.example'
  expect(page).toContain(`install -D -m 0600 ${example} ${setting('EnvironmentFile')}`)
  expect(page).toContain(`useradd --system --no-create-home ${setting('User')}`)
})

const systemd = await isHere('systemd-analyze')
test.runIf(systemd)(
  `systemd finds nothing wrong with the units, and their exposure is low${systemd ? '' : ' (not here)'}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-units-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const verify = async (name: string, unit: string) => {
      const file = join(folder, name)
      // systemd-analyze looks whether the program is there.
      await writeFile(file, unit.replace('/usr/bin/node', process.execPath))
      const { stdout, stderr } = await execute('systemd-analyze', ['verify', '--man=no', file])
      return stdout + stderr
    }
    for (const unit of await units()) {
      const text = await read(unit)
      const name = unit.split('/').at(-1) ?? ''
      expect(await verify(name, text)).toBe('')
      expect(await verify(name, text.replace('PrivateTmp', 'PrivatTmp'))).toContain('PrivatTmp')
      // Tenths of the scale from 0 to 10; a unit without hardening has 96.
      await execute('systemd-analyze', ['security', '--offline=true', '--threshold=20', join(root, unit)])
    }
  },
)
