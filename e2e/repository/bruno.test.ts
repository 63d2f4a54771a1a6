import { readFileSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { startSystem } from '@emailauth/testing/system'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { FULL } from '../reliability/form.ts'

// As the collection's README names it. Its 500 packages are no dependency; the full form fetches them.
const VERSION = '4.1.0'
const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(root, 'node_modules/.cache/bruno', VERSION)
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const requestsOf = async (folder: string) =>
  (await readdir(join(root, 'examples/bruno', folder))).map((file) =>
    read(`examples/bruno/${folder}/${file}`),
  )

describe('the short form', () => {
  test('each GraphQL document of the collection is valid', async () => {
    const schema = buildSchema(read('apps/gateway/schema.graphql'))
    const documents = (await requestsOf('graphql')).flatMap(
      (text) => /^body:graphql \{\n(.*?)\n\}$/ms.exec(text)?.[1] ?? [],
    )
    expect(documents.length).toBeGreaterThan(3)
    for (const text of documents) expect([text, ...validate(schema, parse(text))]).toEqual([text])
  })

  test('each REST request of the collection is one of the API', async () => {
    const { paths } = JSON.parse(read('apps/gateway/openapi.json'))
    const asked = (await requestsOf('rest')).flatMap((text) => {
      const [, method = '', path] = /^(get|post|delete) \{\n {2}url: \{\{url\}\}(\S+)$/m.exec(text) ?? []
      return path === undefined ? [] : [`${method} ${path.replaceAll(/\{\{\w+\}\}/g, '{}')}`]
    })
    expect(asked.length).toBeGreaterThan(3)
    const offered = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    )
    for (const request of asked) expect(offered).toContain(request)
  })
})

test.runIf(FULL)(
  'the full form: Bruno itself passes the tests of the collection in order',
  async (context) => {
    await mkdir(cache, { recursive: true })
    const install = [
      'install',
      '--prefix',
      cache,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
    ]
    const installed = await runProgram('npm', [...install, `@usebruno/cli@${VERSION}`])
    if (installed.code !== 0) return context.skip('@usebruno/cli cannot be installed')
    const { url, apiKey, inboxUrl, stop } = await startSystem()
    try {
      const variables = { url, apiKey, inboxUrl }
      const ended = await runProgram(
        join(cache, 'node_modules/.bin/bru'),
        [
          ...['run', '-r', '--env', 'development'],
          ...Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
        ],
        { cwd: join(root, 'examples/bruno') },
      )
      expect(ended, ended.output).toMatchObject({ code: 0 })
      expect(ended.output).toMatch(/11 \(11 Passed\)/)
    } finally {
      await stop()
    }
  },
  400_000,
)
