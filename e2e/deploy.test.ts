import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFile(join(root, path), 'utf8')

async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && isWanted(entry.name) && !/node_modules|\/dist/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

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

test('every metric that the alerts and the dashboard ask for is one that a service has', async () => {
  const sources = await filesBelow('apps', (name) => name.endsWith('-metrics.ts'))
  const shared = ['service/src/metrics.ts', 'service/src/health.ts', 'redis/src/observe-rules.ts']
  sources.push(...shared.map((file) => join('packages', file)))
  const names = new Set<string>()
  for (const file of sources) {
    for (const [, name] of (await read(file)).matchAll(/name: '(emailauth_\w+)'/g)) names.add(String(name))
  }
  for (const file of ['deploy/prometheus/alerts.yaml', 'deploy/grafana/emailauth.json']) {
    const asked = (await read(file)).match(/\bemailauth_\w+/g) ?? []
    expect(asked.length).toBeGreaterThan(5)
    const unknown = asked.filter((name) => !names.has(name.replace(/_(bucket|count|sum)$/, '')))
    expect({ file, unknown }).toEqual({ file, unknown: [] })
  }
})

const promtool = promisify(execFile)('promtool', ['--version']).then(
  () => true,
  () => false,
)

test.runIf(await promtool)('promtool finds nothing wrong with the alerts', async () => {
  await promisify(execFile)('promtool', ['check', 'rules', join(root, 'deploy/prometheus/alerts.yaml')])
})
