import { Counter, Histogram } from 'prom-client'
import type { Metrics } from './metrics.ts'
import { inSpan } from './tracing.ts'

/** The one command by which rules reach Redis. */
interface RuleRunner {
  evalshaBuffer(...command: unknown[]): Promise<unknown>
}

/**
 * Times every rule that this connection runs, from here to Redis and back, and counts those that got no answer in time or an error. The
 * connection's own method is replaced, so it is seen on a single Redis and on a Cluster alike.
 */
export function observeRules(connection: object, { registry }: Metrics): void {
  const duration = new Histogram({
    name: 'emailauth_redis_rule_duration_seconds',
    help: 'Time of one atomic rule, from the command to its reply.',
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.4],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'emailauth_redis_errors_total',
    help: 'Rules whose connection was closed or silent (connection), that got no reply in time on a living one (timeout), or an error of Redis (reply).',
    labelNames: ['kind'],
    registers: [registry],
  })
  const redis = connection as RuleRunner
  const evalsha = redis.evalshaBuffer.bind(redis)
  redis.evalshaBuffer = async (...command) => {
    const began = performance.now()
    try {
      return await inSpan('redis rule', { kind: 'client', attributes: ATTRIBUTES }, () => evalsha(...command))
    } catch (error) {
      const kind = kindOf(error)
      if (kind !== undefined) errors.inc({ kind })
      throw error
    } finally {
      duration.observe((performance.now() - began) / 1000)
    }
  }
}

const ATTRIBUTES = { 'db.system.name': 'redis', 'db.operation.name': 'EVALSHA' }

/** undefined: Redis does not know the script yet, which is how each of them begins. */
function kindOf(error: unknown): 'timeout' | 'reply' | 'connection' | undefined {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (message.startsWith('NOSCRIPT')) return undefined
  if (/timed out/i.test(message)) return 'timeout'
  return name === 'ReplyError' ? 'reply' : 'connection'
}
