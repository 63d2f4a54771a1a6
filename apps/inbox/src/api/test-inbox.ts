import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach } from 'vitest'
import { buildInboxApp } from '../app.ts'
import { readMail } from '../mail/mail.ts'
import { createMessageStore, type MessageStore } from '../store.ts'

/** An empty inbox before each test of a file. */
export interface TestInbox {
  readonly store: MessageStore
  readonly app: FastifyInstance
  /** Receives the source of a mail; answers its id. */
  receive(source: string, to?: string[]): Promise<string>
  get(
    url: string,
    options?: InjectOptions,
  ): Promise<{ readonly status: number; readonly body: ReturnType<typeof JSON.parse> }>
}

/** @param now when mails are received; default: now */
export function testInbox(now?: () => Date): TestInbox {
  let store: MessageStore
  let app: FastifyInstance
  beforeEach(async () => {
    store = createMessageStore(undefined, now)
    app = await buildInboxApp(store)
  })
  afterEach(() => app.close())
  return {
    get store() {
      return store
    },
    get app() {
      return app
    },
    async receive(source, to = ['ada@example.com']) {
      return store.add(await readMail(Buffer.from(source), { from: 'bounce@example.com', to })).id
    },
    async get(url, options = {}) {
      const reply = await app.inject({ url, ...options })
      return { status: reply.statusCode, body: reply.json() }
    },
  }
}
