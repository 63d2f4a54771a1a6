import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import config from '../codegen.ts'
import manifest from '../package.json' with { type: 'json' }
import * as documents from './generated/documents.ts'
import { VERSION } from './version.ts'

const schema = buildSchema(
  readFileSync(new URL('../../../apps/gateway/schema.graphql', import.meta.url), 'utf8'),
)

test.each(Object.entries(documents))('the committed contract knows %s', (_name, document) => {
  expect(validate(schema, parse(document))).toEqual([])
})

test('the generated files are those of the contract; `npm run codegen` in this package writes them anew', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const before = process.cwd()
  process.chdir(cwd)
  try {
    const files = (await generate({ ...config, cwd, silent: true }, false)) as {
      filename: string
      content: string
    }[]
    expect(files).toHaveLength(3)
    for (const { filename, content } of files) {
      expect(readFileSync(new URL(`../${filename}`, import.meta.url), 'utf8')).toBe(content)
    }
  } finally {
    process.chdir(before)
  }
})

test('the version in user-agent is that of the package', () => {
  expect(VERSION).toBe(manifest.version)
})
