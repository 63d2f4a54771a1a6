import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchema, isEnumType, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { siteLink, slugify } from '../../docs/.vitepress/links.mjs'
import { GROUPS, SPANISH } from '../../docs/.vitepress/pages.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const list = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
const pages = list('*.md').filter((file) => !/CHANGELOG|^\.changeset\//.test(file))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
/** Without code, in which nothing is a link. */
const prose = (file: string) =>
  read(file)
    .replace(/```.*?```/gs, '')
    .replace(/`[^`\n]*`/g, 'code')

function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>()
  const text = read(file).replace(/```.*?```/gs, '')
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm))
    anchors.add(slugify(heading.replaceAll('`', '')))
  return anchors
}

test('every link to a heading leads to one', () => {
  const dead: string[] = []
  let checked = 0
  for (const page of pages) {
    for (const [, href = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      const [path = '', anchor] = href.split('#')
      const target = path === '' ? page : normalize(join(dirname(page), path))
      if (/^[a-z]+:/i.test(href) || anchor === undefined || !target.endsWith('.md')) continue
      checked += 1
      if (!anchorsOf(target).has(anchor)) dead.push(`${page}: ${href}`)
    }
  }
  expect(dead).toEqual([])
  expect(checked).toBeGreaterThan(20)
})

test('every page of docs is in the sidebar', () => {
  const inSidebar = GROUPS.flatMap(({ pages }) => pages.map(([page]) => `docs/${page}.md`))
  const inFolder = list('docs/*.md').filter((file) => !/^docs\/(es|examples)\//.test(file))
  expect([...inSidebar].sort()).toEqual(inFolder.sort())
  const spanish = list('docs/es/*.md').map((file) => basename(file, '.md'))
  expect(spanish.sort()).toEqual([...SPANISH].sort())
})

test("a decision's heading has the number of its file, no number stands twice, and the index names each", () => {
  const decisions = list('docs/decisions/*.md').filter((file) => basename(file) !== 'README.md')
  const numbers = decisions.map((file) => Number(basename(file).slice(0, 4)))
  const inHeadings = decisions.map((file) => Number(/^# (\d+)\. /.exec(read(file))?.[1]))
  expect(inHeadings).toEqual(numbers)
  expect(new Set(numbers).size).toBe(numbers.length)
  const [, index = ''] = /^(## .*)/ms.exec(read('docs/decisions/README.md')) ?? []
  const entries = [...index.matchAll(/^- \[(\d+\. .*)\]\((.+)\)$/gm)].map(
    ([, title, file]) => `${file} # ${title}`,
  )
  expect(entries.sort()).toEqual(decisions.map((file) => `${basename(file)} ${read(file).split('\n', 1)[0]}`))
})

test('a link out of docs leads to the repository, others stay', () => {
  expect(siteLink('security.md', '../apps/gateway/src/app.ts')).toBe(
    'https://github.com/emailauth/emailauth/blob/main/apps/gateway/src/app.ts',
  )
  expect(siteLink('es/index.md', '../../examples/recipes')).toBe(
    'https://github.com/emailauth/emailauth/tree/main/examples/recipes',
  )
  expect(siteLink('index.md', 'decisions')).toContain('/tree/main/docs/decisions')
  for (const href of ['rest.md', 'mail.md#dns', '#x', 'https://example.com/', 'images/a.png'])
    expect(siteLink('index.md', href)).toBe(href)
})

test('no program stands in the README and on the first page of docs, and Spanish pages show the same code', () => {
  const blocks = (file: string) => [...read(file).matchAll(/```(?:sh|js)\n.*?```/gs)].map(([block]) => block)
  const readme = new Set(blocks('README.md'))
  expect(readme.size).toBeGreaterThan(3)
  expect(blocks('docs/getting-started.md').filter((block) => readme.has(block))).toEqual([])
  expect(blocks('docs/es/hosted-page.md')).toEqual(blocks('docs/hosted-page.md'))
})

test('a page of docs is about one task: none is longer than 2,500 words, but those on performance', () => {
  const words = (page: string) =>
    read(page)
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  const long = list('docs/*.md').filter((page) => words(page) > 2500)
  expect(long.filter((page) => !page.startsWith('docs/performance'))).toEqual([])
})

test('each fact of the comparison has its source', () => {
  const rowsOf = (text: string) =>
    [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
  const readme = read('README.md')
  const section = readme.slice(readme.indexOf('## Why not'), readme.indexOf('**What it is not'))
  const [head = [], , ...rows] = rowsOf(section)
  const sources = read('docs/comparison.md').split(/^## /m)
  let facts = 0
  for (const [column, product] of head.entries()) {
    const name = /^\[(.+?)\]/.exec(product)?.[1]
    if (name === undefined) continue
    const sourced = new Map(
      rowsOf(sources.find((each) => each.startsWith(`${name}\n`)) ?? '') as [string, string][],
    )
    for (const row of rows.filter((row) => !row[column]?.startsWith('up to '))) {
      expect(sourced.get(row[0] ?? ''), `${name}: ${row[0]}`).toContain('](https://')
      facts += 1
    }
  }
  expect(facts).toBeGreaterThan(35)
})

test('each GraphQL document of a page is valid as it stands', () => {
  const schema = buildSchema(read('apps/gateway/schema.graphql'))
  const documents = pages.flatMap((page) =>
    [...read(page).matchAll(/```graphql\n(.*?)```/gs)].map(([, text = '']) => [page, text] as const),
  )
  expect(documents.length).toBeGreaterThan(3)
  for (const [page, text] of documents) expect([page, ...validate(schema, parse(text))]).toEqual([page])
})

test('no page is cut off by what a site would take for a tag', () => {
  for (const page of list('docs/*.md', 'docs/**/*.md')) {
    expect(
      prose(page).match(/<(?!!--|https?:|\/?(?:br|kbd|sub|sup|details|summary)\b)[a-z][^>]*>/i)?.[0],
      page,
    ).toBeUndefined()
    expect(statSync(join(root, page)).size).toBeGreaterThan(100)
  }
})

test('a page in Spanish has the programs of the English one, and as many rows', () => {
  const blocks = (page: string) => read(page).match(/```(?:sh|js)\n.*?```/gs) ?? []
  const rows = (page: string) => (read(page).match(/^\|/gm) ?? []).length
  for (const page of SPANISH) {
    const [spanish, english] = [`docs/es/${page}.md`, `docs/${page}.md`]
    expect([page, blocks(spanish)]).toEqual([page, blocks(english)])
    expect([page, rows(spanish)]).toEqual([page, rows(english)])
  }
})

test('the pages on GraphQL and REST say of each code what to do', () => {
  const schema = buildSchema(read('apps/gateway/schema.graphql'))
  const valuesOf = (name: string) => {
    const type = schema.getType(name)
    return isEnumType(type) ? type.getValues().map((value) => value.name) : []
  }
  const errors = read('apps/gateway/src/graphql/faults/errors.ts').match(
    /(?<=export type ErrorCode =\n)(?: {2}\| '.*\n)+/,
  )
  const ofErrors = [...(errors?.[0] ?? '').matchAll(/'(.+)'/g)].map(([, code = '']) => code)
  const { components } = JSON.parse(read('apps/gateway/openapi.json'))
  // These are what an admin's call may cause, and admins have no REST. The last is for our services alone.
  const ofOthers = ['conflict', 'stale-version', 'misdirected']
  const ofRest = components.schemas.Problem.properties.code.enum.filter(
    (code: string) => !ofOthers.includes(code),
  )
  const codes = [...valuesOf('ProblemCode'), ...valuesOf('LimitKind'), ...ofErrors]
  expect(codes.length + ofRest.length).toBeGreaterThan(20)
  const section =
    read('docs/graphql.md')
      .split(/^## /m)
      .find((each) => each.startsWith('What to do\n')) ?? ''
  expect(codes.filter((code) => !section.includes(`\n| \`${code}\``))).toEqual([])
  expect(ofRest.filter((code: string) => !read('docs/rest.md').includes(`\`${code}\``))).toEqual([])
})
