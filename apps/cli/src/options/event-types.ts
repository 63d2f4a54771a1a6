import type { EventType } from '@emailauth/client'
import { enumName } from '@emailauth/contracts/enum-name'
import { EVENT_TYPES, WEBHOOK_EVENT_TYPES } from '@emailauth/contracts/event-types'
import { InvalidArgumentError } from 'commander'

/** All types of events, as GraphQL names them. */
const ALL: readonly EventType[] = EVENT_TYPES.map((type) => enumName(type))
/** Those that a webhook gets. What admins did is in none. */
export const WEBHOOK_TYPES: readonly EventType[] = WEBHOOK_EVENT_TYPES.map((type) => enumName(type))

/** Reads one word of `--type` of any event, and adds it to those before it. */
export const anyEventType = readerOf(ALL)
/** Reads one word of `--type` of an event that a webhook gets, and adds it to those before it. */
export const anyWebhookType = readerOf(WEBHOOK_TYPES)

/** Upper and lower case mean the same, because other commands name the same things in lower case. */
function readerOf(types: readonly EventType[]) {
  return (text: string, before: readonly EventType[] = []): readonly EventType[] => {
    const type = types.find((one) => one === enumName(text))
    if (type !== undefined) return [...before, type]
    throw new InvalidArgumentError(`It must be one of ${types.join(', ')}.`)
  }
}
