import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@emailauth/testing/free-port'
import type { Page } from '@playwright/test'
import { createTransport } from 'nodemailer'
import { test as base, root } from '../system/system.ts'
import { reusedPage } from './reused-page.ts'

type Transport = ReturnType<typeof createTransport>

interface Inbox {
  readonly url: string
  readonly transport: Transport
  stop(): Promise<void>
  start(): Promise<void>
}

/** Starts the built inbox alone, as `emailauth up` starts it. Mails come to it by real SMTP. */
async function startInbox() {
  const [page, smtp] = [await freePort(), await freePort()]
  let child: ReturnType<typeof spawn> | undefined
  const start = async () => {
    const started = spawn(process.execPath, [join(root, 'apps/inbox/dist/main.js')], {
      env: { EMAILAUTH_INBOX_PORT: String(page), EMAILAUTH_SMTP_PORT: String(smtp) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = started
    let printed = ''
    await new Promise<void>((ready, failed) => {
      started.once('close', (code) => failed(new Error(`the inbox ended with ${code}: ${printed}`)))
      started.stdout.on('data', (chunk) => {
        printed += chunk
        if (printed.includes('inbox is ready')) ready()
      })
    })
  }
  const stop = async () => {
    if (child === undefined || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  await start()
  const transport = createTransport({ host: '127.0.0.1', port: smtp })
  return { url: `http://127.0.0.1:${page}`, transport, start, stop }
}

let running: Inbox | undefined

/** Each test gets an empty inbox, of the same process: its start takes as long as a short test. */
export const test = base.extend<{ inbox: Inbox; page: Page }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
  inbox: async ({}, use) => {
    running ??= await startInbox()
    const { ok } = await fetch(`${running.url}/api/v1/messages`, { method: 'DELETE' })
    if (!ok) throw new Error('The inbox did not delete its mails.')
    await use(running)
  },
  page: reusedPage({
    permissions: ['clipboard-read', 'clipboard-write'],
    viewport: { width: 1280, height: 800 },
  }),
})

/** For `test.afterAll` of a spec. */
export async function stopInbox(): Promise<void> {
  running?.transport.close()
  await running?.stop()
  running = undefined
}

const HTML = `<!doctype html><html><head><meta name="color-scheme" content="light dark"><style>
  body { font-family: sans-serif; background: #fff; color: #111 }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #9cf } }
</style></head><body><h1>Your number</h1><p>4829 1520 4113</p><img id="logo" src="cid:logo@acme" alt="Acme">
<p><a href="https://shop.example/login#482915204113">Sign in</a> or <a href="https://shop.example/help">get help</a></p>
<script>document.title = 'attacked'; parent.document.title = 'attacked'</script>
<form action="https://evil.example"><button>Send</button></form></body></html>`
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export async function sendNumber(transport: Transport, to = 'ada@example.com', html = HTML): Promise<void> {
  await transport.sendMail({
    from: 'Acme <no-reply@acme.test>',
    to,
    subject: '4829 1520 4113 is your verification code for Acme',
    text: 'Type it where you were asked for it:\n\n4829 1520 4113\n\nIt works once.',
    html,
    attachments: [{ filename: 'logo.png', cid: 'logo@acme', content: PIXEL, contentDisposition: 'inline' }],
  })
}

export const sendPlain = (transport: Transport, subject: string, to = 'bob@example.com') =>
  transport.sendMail({ from: 'a@b.test', to, subject, text: `Hello from ${subject}` })

export const rowOf = (page: Page, name: string | RegExp) => page.getByRole('link', { name })
export const clipboardOf = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
