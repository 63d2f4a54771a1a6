import { randomBytes } from 'node:crypto'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { Logger } from '@emailauth/service/logging/logger'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'
import type { Migration } from './migration.ts'

/** Runs migrations one after the other. Of all services, one at a time works on them. */
export interface Migrations {
  /** One step. Answers whether there is more to do here. */
  step(): Promise<boolean>
  /** Names of those that are not done. */
  pending(): Promise<string[]>
}

/** Stands for a position. A position has a prefix, because a tenant's id may be `done` too. */
const DONE = 'done'
const AT = 'at '

/** If the service that has the lock dies, another one goes on after this time. */
export const LOCK_MS = 30_000

export function createMigrations(
  redis: RedisConnection,
  migrations: readonly Migration[],
  logger: Pick<Logger, 'info'>,
): Migrations {
  const token = randomBytes(12).toString('base64url')
  const [lock, progress] = keys.migrations
  let isDone = false

  const undone = async () => {
    const reached = await redis.hgetall(progress)
    return migrations.flatMap((migration) => {
      const position = reached[migration.name] ?? AT
      return position === DONE ? [] : [{ migration, from: position.slice(AT.length) }]
    })
  }

  const hasLock = async () =>
    (await redis.set(lock, token, 'PX', LOCK_MS, 'NX')) === 'OK' || (await redis.get(lock)) === token

  return {
    async step() {
      if (isDone) return false
      const [next] = await undone()
      isDone = next === undefined
      if (next === undefined || !(await hasLock())) return false
      // Read again: another service may have gone on until it gave the lock away.
      const [current] = await undone()
      if (current === undefined) return false
      const { migration, from } = current
      if (from === '') logger.info({ migration: migration.name }, 'a migration of the store begins')
      const to = await migration.step(from)
      const reached = to === undefined ? DONE : `${AT}${to}`
      const saved = { token, migration: migration.name, next: reached, lockMs: LOCK_MS }
      await scripts.migrationSave(redis, [lock, progress], saved)
      if (reached === DONE) logger.info({ migration: migration.name }, 'a migration of the store is done')
      return true
    },
    pending: async () => (await undone()).map(({ migration }) => migration.name),
  }
}

/** The rounds of a service. A step is bounded, and calls get their turns in between. */
export function migrationTask(migrations: Migrations): ScheduledTask {
  return {
    name: 'migrations',
    everyMs: 1000,
    run: async ({ rest }) => {
      if (await migrations.step()) return true
      rest()
    },
    logLines: {
      trouble: 'the store in Redis cannot be migrated; the next round goes on from there',
      over: 'the store in Redis is migrated again',
    },
  }
}
