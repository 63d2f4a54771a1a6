// The whole external server: node examples/login/server.js, beside a running emailauth.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@emailauth/client'
import { buildLogin } from './login.js'

const { EMAILAUTH_HOME = '.emailauth', EMAILAUTH_URL, EMAILAUTH_API_KEY, PORT = '3000' } = process.env

// While you develop, `npm start` leaves the URL and the key of the demo tenant here.
const file = join(EMAILAUTH_HOME, 'credentials.json')
const credentials = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const url = EMAILAUTH_URL ?? credentials.url
const apiKey = EMAILAUTH_API_KEY ?? credentials.apiKey
if (url === undefined || apiKey === undefined) {
  console.error('No emailauth to talk to: run `npm start` first, or set EMAILAUTH_URL and EMAILAUTH_API_KEY.')
  process.exit(64)
}

const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const app = await buildLogin({ emailauth: createClient({ url, apiKey }), publicUrl: PUBLIC_URL })
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
console.log(`Sign in at ${PUBLIC_URL}`)
if (credentials.inboxUrl !== undefined) console.log(`The mails arrive at ${credentials.inboxUrl}`)
