import type { Redis } from 'ioredis'
import { timeoutsOf } from './ioredis-internals.ts'

/**
 * Makes both time-outs of a connection read from the socket before they end anything. After a pause of this
 * process (no CPU, stopped, long synchronous work) timers are due before the replies have been read, and
 * Redis would count as dead. A Redis that is silent is still given up after the same time, or after that
 * time again where the process was held up.
 * A connection of BullMQ has a time-out of its socket alone.
 */
export function readBeforeTimeouts(redis: Redis): void {
  const { commandTimeout, socketTimeout } = redis.options
  if (socketTimeout === undefined) throw new Error('A connection without a time-out.')
  const connection = timeoutsOf(redis)

  const start = connection.setSocketTimeout.bind(redis)
  connection.setSocketTimeout = () => {
    start()
    clearTimeout(connection.socketTimeoutTimer)
    const { stream } = connection
    const timer = afterReading(socketTimeout, () => {
      // Data that arrives takes the timer away.
      if (connection.socketTimeoutTimer !== timer) return
      connection.socketTimeoutTimer = undefined
      stream.destroy(new Error(`Socket timeout: no data from Redis in ${socketTimeout} ms.`))
    })
    connection.socketTimeoutTimer = timer
  }

  if (commandTimeout === undefined) return
  const send = connection.sendCommand.bind(redis)
  connection.sendCommand = (command, stream) => {
    command._commandTimeoutTimer ??= afterReading(commandTimeout, () => {
      if (!command.isSettled) command.reject(new Error('Command timed out'))
    })
    return send(command, stream)
  }
}

/** A timer that is so late was held up with this process. */
const HELD_UP_MS = 100

/**
 * A timer whose turn of the event loop ends with reading from the sockets, before `timedOut` is called. If
 * this process was held up, the command may have left only after that, so it gets its time once more, once.
 */
function afterReading(ms: number, timedOut: () => void): NodeJS.Timeout {
  const dueAtMs = performance.now() + ms
  let isRepeated = false
  const timer = setTimeout(() => {
    if (isRepeated || performance.now() - dueAtMs < HELD_UP_MS) return void setImmediate(timedOut)
    isRepeated = true
    timer.refresh()
  }, ms)
  return timer
}
