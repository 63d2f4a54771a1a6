import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// Bundles are copies of npm packages, whose licences ask that their notices go along.

const folderOf = (name: string) => fileURLToPath(new URL(`../../${name}/dist/`, import.meta.url))
const licencesOf = (name: string) => readFile(`${folderOf(name)}THIRD-PARTY-LICENSES.txt`, 'utf8')

/** The packages whose modules esbuild names in comments of a bundle, as `name version`. */
async function bundledIn(name: string): Promise<Set<string>> {
  const found = new Set<string>()
  const files = await readdir(folderOf(name), { recursive: true })
  for (const file of files.filter((file) => /\.c?js$/.test(file))) {
    const code = await readFile(`${folderOf(name)}${file}`, 'utf8')
    const modules = code.matchAll(/^\s*\/\/ .*\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\/[^\n]*$/gm)
    for (const [line, bundled = ''] of modules) {
      const [, version] = new RegExp(`/${bundled.replace('/', '\\+')}@([^_(/]+)[^/]*/`).exec(line) ?? []
      found.add(`${bundled} ${version}`)
    }
  }
  return found
}

test.each(['packages/client', 'apps/cli'])('%s has the licence of each package in it', async (name) => {
  const licences = await licencesOf(name)
  const bundled = await bundledIn(name)
  expect(bundled.size).toBeGreaterThan(0)
  const missing = [...bundled].filter((title) => !licences.includes(`${title} (`))
  expect(missing).toEqual([])
  expect(licences).toContain('Permission is hereby granted')
})

test.each([
  ['apps/gateway', 'fastify', 'graphql', '@apollo/server'],
  ['apps/persistence', 'fastify', 'ioredis', 'libsodium'],
  ['apps/mailer', 'bullmq', 'ioredis', 'nodemailer'],
  ['apps/serve', 'bullmq', 'fastify', 'graphql'],
])('%s has those of what it is built on', async (name, ...packages) => {
  const licences = await licencesOf(name)
  for (const each of packages) expect(licences).toMatch(new RegExp(`^${each} \\d`, 'm'))
})

test('so has the dashboard', async () => {
  const licences = await readFile(`${folderOf('apps/admin')}THIRD-PARTY-LICENSES.md`, 'utf8')
  for (const each of ['react', 'react-dom', 'react-router'])
    expect(licences).toMatch(new RegExp(`^## ${each} `, 'm'))
})
