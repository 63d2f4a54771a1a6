import type { MessageRequest } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { MissingKeyError, UnsealError } from '@emailauth/secrets/seal'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import type { MessageKeys } from './message-keys.ts'
import { type MessageName, stateKeyOf } from './message-name.ts'
import type { MessageRecord } from './message-record.ts'
import { type Fields, scripts } from './scripts.ts'
import { unsealRequest } from './sealed-request.ts'
import { createStateReader, idInState, type StateReaderOptions } from './state-reader.ts'

/** This mailer cannot read a message. `missingKey`: the id of the key that it lacks, if that is why. */
export interface Unreadable {
  readonly missingKey: string | undefined
}

/** Reads the state of messages and changes nothing. Every method fails when Redis does not answer. */
export interface MessageReads {
  /** The state of one message, if known. `queued` while an attempt runs. */
  find(name: MessageName): Promise<MessageRecord | undefined>
  /**
   * The request to mail. Undefined when no copy is kept (yet), or the message is complete or dropped, or its
   * number has expired. {@link Unreadable}, and logged: this mailer lacks the key, or is too old to read it.
   */
  request(name: MessageName): Promise<MessageRequest | Unreadable | undefined>
  /** The newest message of an identity, if any. */
  findNewest(identityId: string): Promise<(MessageName & MessageRecord) | undefined>
  /** Whether a relay took any message of an identity, and it did not bounce. */
  wasDelivered(identityId: string): Promise<boolean>
}

const UNREADABLE =
  'a mail waits that this mailer cannot read: a key is missing in its EMAILAUTH_MAILER_KEYS, so put it back. A mailer that has the key sends the mail'

export interface MessageReadsOptions extends StateReaderOptions {
  readonly redis: RedisConnection
  readonly keys: MessageKeys
}

export function createMessageReads({ redis, keys, ...options }: MessageReadsOptions): MessageReads {
  const { ring, logger } = options
  const reader = createStateReader(options)
  const log = createTroubleLog(logger, { trouble: UNREADABLE })

  function fieldsOf(identityId: string): Promise<Fields> {
    return scripts.read(redis, [keys.partitionOf(identityId).keys], { state: stateKeyOf(identityId) })
  }

  return {
    async find(name) {
      return reader.record(name, await fieldsOf(name.identityId))
    },

    async request(name) {
      const sealed = (await fieldsOf(name.identityId)).get(`r:${idInState(name)}`)
      if (sealed === undefined) return undefined
      try {
        return unsealRequest(ring, name, sealed)
      } catch (error) {
        if (!(error instanceof UnsealError)) throw error
        log.fault({ err: error })
        return { missingKey: error instanceof MissingKeyError ? error.keyId : undefined }
      }
    },

    async findNewest(identityId) {
      const fields = await fieldsOf(identityId)
      const id = fields.get('n')?.toString() ?? ''
      // A mark that the identity was dropped may be all that is known.
      if (!fields.has(`a:${id}`) && !fields.has(`c:${id}`)) return undefined
      const name = { identityId, messageId: id || identityId }
      const record = reader.record(name, fields)
      return record === undefined ? undefined : { ...name, ...record }
    },

    async wasDelivered(identityId) {
      return reader.wasDelivered(identityId, await fieldsOf(identityId))
    },
  }
}
