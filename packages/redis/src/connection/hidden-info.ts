import type { RedisConnection } from './connection.ts'
import { type InfoCommand, infoCommandOf } from './ioredis-internals.ts'

/** A server has INFO renamed away, or its user may not call it. */
const HIDDEN = /unknown command|NOPERM/i

/**
 * Gives `text` as the reply of INFO where the server hides it. Libraries that ask INFO whether the server
 * has loaded its data, or which version it is, would otherwise never become ready. It covers copies of the
 * connection too.
 */
export function tolerateHiddenInfo(redis: RedisConnection, text = ''): void {
  const connection = infoCommandOf(redis)
  const info = connection.info.bind(redis)
  connection.info = (...args) => {
    const callback = args.find((arg) => typeof arg === 'function')
    const sections = args.filter((arg) => typeof arg === 'string')
    const reply = info(...sections).catch((error: unknown) => {
      if (error instanceof Error && HIDDEN.test(error.message)) return text
      throw error
    })
    if (callback !== undefined)
      reply.then(
        (said) => callback(null, said),
        (error) => callback(error),
      )
    return reply
  }
  const duplicate: InfoCommand['duplicate'] = connection.duplicate.bind(redis)
  connection.duplicate = (...args) => {
    const copy = duplicate(...args)
    tolerateHiddenInfo(copy, text)
    return copy
  }
}
