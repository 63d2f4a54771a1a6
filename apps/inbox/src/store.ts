import { randomUUID } from 'node:crypto'
import type { Mail } from './mail/mail.ts'

/** A mail in the inbox. */
export interface Message {
  readonly id: string
  readonly receivedAt: Date
  readonly mail: Mail
  /** The user name that the sending program signed in with; empty without a sign-in. */
  readonly username: string
  readonly read: boolean
}

/** What happened to the store. */
export type StoreEvent =
  | { readonly type: 'added'; readonly message: Message }
  | { readonly type: 'read'; readonly id: string; readonly read: boolean }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'cleared' }

/** Counts since the start. */
export interface StoreStatistics {
  readonly accepted: number
  /** Bytes of the accepted mails. */
  readonly acceptedBytes: number
  /** Deleted by somebody, or pushed out by newer mails. */
  readonly deleted: number
  /** Bytes kept now. */
  readonly bytes: number
}

/** The mails of this process, newest first, in memory only. */
export interface MessageStore {
  /** Keeps a mail; the oldest leave when it is too many or too much. */
  add(mail: Mail, username?: string): Message
  /** All of them, newest first. */
  list(): readonly Message[]
  find(id: string): Message | undefined
  /** Marks these as read or unread; an unknown id is no fault. */
  setRead(ids: readonly string[], read: boolean): void
  /** Removes these; an unknown id is no fault. */
  remove(ids: readonly string[]): void
  clear(): void
  statistics(): StoreStatistics
  /** Reports every change from now on, until the returned function is called. */
  watch(onEvent: (event: StoreEvent) => void): () => void
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
  const watchers = new Set<(event: StoreEvent) => void>()
  let [accepted, acceptedBytes, deleted, bytes] = [0, 0, 0, 0]

  function emit(event: StoreEvent): void {
    for (const onEvent of watchers) onEvent(event)
  }

  function drop(id: string): void {
    const message = messages.get(id)
    if (message === undefined) return
    messages.delete(id)
    bytes -= message.mail.raw.length
    deleted += 1
    emit({ type: 'removed', id })
  }

  return {
    add(mail, username = '') {
      const message: Message = { id: randomUUID(), receivedAt: now(), mail, username, read: false }
      messages.set(message.id, message)
      bytes += mail.raw.length
      accepted += 1
      acceptedBytes += mail.raw.length
      emit({ type: 'added', message })
      for (const oldest of messages.keys()) {
        if (messages.size <= limits.maxMessages && bytes <= limits.maxBytes) break
        drop(oldest)
      }
      return message
    },
    list: () => [...messages.values()].reverse(),
    find: (id) => messages.get(id),
    setRead(ids, read) {
      for (const id of ids) {
        const message = messages.get(id)
        if (message === undefined || message.read === read) continue
        messages.set(id, { ...message, read })
        emit({ type: 'read', id, read })
      }
    },
    remove: (ids) => ids.forEach(drop),
    clear() {
      deleted += messages.size
      messages.clear()
      bytes = 0
      emit({ type: 'cleared' })
    },
    statistics: () => ({ accepted, acceptedBytes, deleted, bytes }),
    watch(onEvent) {
      watchers.add(onEvent)
      return () => watchers.delete(onEvent)
    },
  }
}
