import { Counter, Histogram, type Registry } from 'prom-client'
import type { RedisConnection } from '../connection/connection.ts'
import { type ScriptCommands, scriptCommands } from '../connection/ioredis-internals.ts'

export interface ObserveRulesOptions {
  readonly registry: Registry
  /** Runs work in a new span, if the service traces. */
  readonly inSpan?: <Result>(
    name: string,
    options: SpanOptions,
    work: () => Promise<Result>,
  ) => Promise<Result>
}

interface SpanOptions {
  readonly kind: 'client'
  readonly attributes: Readonly<Record<string, string>>
}

/**
 * Measures the time of every rule on this connection, from the command to its reply, and counts errors. It
 * replaces methods of the connection, so that it works for a single Redis and a Cluster.
 */
export function observeRules(
  connection: RedisConnection,
  { registry, inSpan = (_name, _options, work) => work() }: ObserveRulesOptions,
): void {
  const duration = new Histogram({
    name: 'emailauth_redis_rule_duration_seconds',
    help: 'Time of one atomic rule, from the command to its reply.',
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.4, 1],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'emailauth_redis_errors_total',
    help: 'Rules whose connection was closed or silent (connection), that got no reply in time on a living one (timeout), or an error of Redis (reply), such as a refused write.',
    labelNames: ['kind'],
    registers: [registry],
  })
  function count(reply: unknown) {
    if (reply instanceof Error && !isUnknownScript(reply)) errors.inc({ kind: kindOf(reply) })
  }
  function observed(operation: string, command: ScriptCommand): ScriptCommand {
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': operation }
    return async (...values) => {
      const began = performance.now()
      let isRun = true
      try {
        const replies = await inSpan('redis rule', { kind: 'client', attributes }, () => command(...values))
        // A call that Redis refuses does not fail its run: its error is its reply.
        if (Array.isArray(replies)) for (const reply of replies) count(reply)
        return replies
      } catch (error) {
        count(error)
        isRun = !isUnknownScript(error)
        throw error
      } finally {
        if (isRun) duration.observe((performance.now() - began) / 1000)
      }
    }
  }
  const commands = scriptCommands(connection)
  commands.evalshaBuffer = observed('EVALSHA', commands.evalshaBuffer.bind(commands))
  // A run goes by EVAL where Redis does not know its script yet, as after a restart or a failover.
  commands.evalBuffer = observed('EVAL', commands.evalBuffer.bind(commands))
}

type ScriptCommand = ScriptCommands['evalshaBuffer']

/** Redis does not know the script yet, which is normal for its first call. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

function kindOf({ name, message }: Error): 'timeout' | 'reply' | 'connection' {
  if (/timed out/i.test(message)) return 'timeout'
  return name === 'ReplyError' ? 'reply' : 'connection'
}
