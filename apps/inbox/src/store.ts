import { randomUUID } from 'node:crypto'
import type { Mail } from './mail.ts'

/** A mail in the inbox. */
export interface Message {
  readonly id: string
  readonly receivedAt: Date
  readonly mail: Mail
  read: boolean
}

/** The mails of this process, newest first, in memory only. */
export interface MessageStore {
  /** Keeps a mail; the oldest leave when it is too many or too much. */
  add(mail: Mail): Message
  /** All of them, newest first. */
  list(): readonly Message[]
  find(id: string): Message | undefined
  /** Removes these; an unknown id is no fault. */
  remove(ids: readonly string[]): void
  clear(): void
}

export interface StoreLimits {
  readonly maxMessages: number
  /** Of the mails' sources taken together. */
  readonly maxBytes: number
}

const DEFAULTS: StoreLimits = { maxMessages: 1000, maxBytes: 64 * 1024 * 1024 }

export function createMessageStore(limits: StoreLimits = DEFAULTS, now = () => new Date()): MessageStore {
  // A Map keeps the order of arrival, so its first entry is the oldest mail.
  const messages = new Map<string, Message>()
  let bytes = 0

  function drop(id: string): void {
    bytes -= messages.get(id)?.mail.raw.length ?? 0
    messages.delete(id)
  }

  return {
    add(mail) {
      const message: Message = { id: randomUUID(), receivedAt: now(), mail, read: false }
      messages.set(message.id, message)
      bytes += mail.raw.length
      for (const oldest of messages.keys()) {
        if (messages.size <= limits.maxMessages && bytes <= limits.maxBytes) break
        drop(oldest)
      }
      return message
    },
    list: () => [...messages.values()].reverse(),
    find: (id) => messages.get(id),
    remove: (ids) => ids.forEach(drop),
    clear() {
      messages.clear()
      bytes = 0
    },
  }
}
