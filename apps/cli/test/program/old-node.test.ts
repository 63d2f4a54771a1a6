import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('../../bin/emailauth.js', import.meta.url))

/** Runs the command on this Node, which says that it has another version. */
function runOn(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, CLI, '--version']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test.each(['18.20.8', '20.18.0', '21.7.3', '22.11.0', '23.11.0'])(
  'Node %s is refused in one sentence, before it reads newer code',
  (version) => {
    expect(runOn(version)).toEqual({
      status: 1,
      stdout: '',
      stderr: `emailauth needs Node 24 or newer (or 20.19, 22.12 or later of their lines); this is ${version}.\n`,
    })
  },
)

test.each(['20.19.0', '22.12.0', '24.0.0', '26.0.0'])('Node %s runs it', (version) => {
  expect(runOn(version)).toMatchObject({ status: 0, stderr: '' })
})
