import type { EventType } from '@emailauth/client'
import { EVENT_TYPES, eventTypeName, WEBHOOK_EVENT_TYPES } from '@emailauth/contracts/event-types'
import { InvalidArgumentError } from 'commander'

const namesOf = (types: readonly string[]) => types.map((type) => eventTypeName(type) as EventType)

/** All types of events, as GraphQL names them. */
const ALL = namesOf(EVENT_TYPES)
/** Those that a webhook gets. What admins did is in none. */
export const WEBHOOK_TYPES = namesOf(WEBHOOK_EVENT_TYPES)

/** Reads one word of `--type` of any event, and adds it to those before it. */
export const anyEventType = readerOf(ALL)
/** Reads one word of `--type` of an event that a webhook gets, and adds it to those before it. */
export const anyWebhookType = readerOf(WEBHOOK_TYPES)

/** Upper and lower case mean the same, because other commands name the same things in lower case. */
function readerOf(types: readonly EventType[]) {
  return (text: string, before: readonly EventType[] = []): readonly EventType[] => {
    const type = types.find((one) => one === eventTypeName(text))
    if (type !== undefined) return [...before, type]
    throw new InvalidArgumentError(`It must be one of ${types.join(', ')}.`)
  }
}
