import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replyWithProblems } from '@emailauth/service/http/problem-replies'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adminPageRoutes } from './admin-page.routes.ts'

let folder: string
let app: FastifyInstance

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-admin-'))
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true })
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>admin</title>')
  await writeFile(join(folder, 'dist', 'assets', 'index-a1b2c3.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'planted')
})
afterEach(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

async function serve(dist: string) {
  app = Fastify()
  replyWithProblems(app, 'gateway')
  adminPageRoutes(app, join(folder, dist))
  await app.ready()
}

test('the page, its deep links and its assets, each with the right caching', async () => {
  await serve('dist')
  for (const url of [
    '/admin/',
    '/admin/index.html',
    '/admin/identities',
    '/admin/identities/demo.AGhV3kq1x0oJ2mN7bQd5t1?q=a.b',
  ]) {
    const { statusCode, body, headers } = await app.inject(url)
    expect([url, statusCode, headers['cache-control']]).toEqual([url, 200, 'no-cache'])
    expect(body).toContain('<title>admin</title>')
  }
  const asset = await app.inject('/admin/assets/index-a1b2c3.js')
  expect(asset.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': expect.stringContaining('/javascript'),
  })
})

test('what was compressed at the build is served so, to a browser that can read it', async () => {
  const at = join(folder, 'dist', 'assets', 'index-a1b2c3.js')
  await writeFile(`${at}.br`, 'brotli')
  await writeFile(`${at}.gz`, 'gzip')
  await serve('dist')
  for (const [accepted, body] of [
    ['br, gzip', 'brotli'],
    ['gzip', 'gzip'],
    ['identity', 'export {}'],
  ]) {
    const reply = await app.inject({
      url: '/admin/assets/index-a1b2c3.js',
      headers: { 'accept-encoding': accepted },
    })
    expect(reply.body).toBe(body)
    expect(reply.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('/javascript'),
    })
  }
})

test('only scripts of its own may run, and nobody may frame it', async () => {
  await serve('dist')
  for (const url of ['/admin/', '/admin/identities']) {
    const policy = String((await app.inject(url)).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(policy).toContain("frame-ancestors 'none'")
  }
})

test('/ and /admin lead to it', async () => {
  await serve('dist')
  for (const url of ['/', '/admin']) expect((await app.inject(url)).headers.location).toBe('/admin/')
})

test.each([
  '/admin/../secret.txt',
  '/admin/%2e%2e/secret.txt',
  '/admin/..%2fsecret.txt',
  '/admin/assets/missing.js',
])('%s is not there', async (url) => {
  await serve('dist')
  const { statusCode, body } = await app.inject(url)
  expect(body).not.toContain('planted')
  expect(statusCode).toBeGreaterThanOrEqual(400)
  expect(statusCode).toBeLessThan(500)
})

test('nothing can be posted there, and without the built app it is a plain problem', async () => {
  await serve('dist')
  expect((await app.inject({ method: 'POST', url: '/admin/' })).statusCode).toBe(404)
  await app.close()
  await serve('missing')
  const reply = await app.inject('/admin/')
  expect([reply.statusCode, reply.json().code]).toEqual([404, 'not-found'])
})
