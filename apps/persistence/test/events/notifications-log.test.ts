import { connectRedis } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { skipPauses } from '@emailauth/testing/pauses'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BLOCK_MS, createNotifications } from '../../src/store/notifications.ts'
import { documentedUser } from '../servers.ts'

let server: TestRedis
beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server?.stop())

/** Notifications for a Redis user with these rules. */
async function withRules(rules: readonly string[]) {
  const setRules = (...more: readonly string[]) =>
    redisCommand(server.port, 'acl', 'setuser', 'app', 'on', '>pw', ...more)
  await setRules('reset', 'on', '>pw', ...rules)
  const connect = () =>
    connectRedis(`redis://app:pw@127.0.0.1:${server.port}`, {
      onError: () => {},
      commandTimeoutMs: 2 * BLOCK_MS,
    })
  const [redis, waiting] = [await connect(), await connect()]
  const lines: string[] = []
  const logger = {
    warn: (_fields: object, text: string) => lines.push(text),
    info: (text: string) => lines.push(text),
  } as never
  const { notify, subscribe } = createNotifications(redis, waiting, logger)
  const heard = new Set<string>()
  const unsubscribe = subscribe((ids) => {
    for (const id of ids) heard.add(id)
  })
  return {
    lines,
    heard,
    notify,
    setRules,
    close() {
      unsubscribe()
      redis.disconnect()
      waiting.disconnect()
    },
  }
}

test('a Redis user of a version before, which may not read notifications, is a line of the log', async () => {
  const documented = (await documentedUser()).split(' ')
  const it = await withRules(documented.filter((rule) => rule !== '+xread'))
  try {
    await eventually(async () =>
      expect(it.lines).toEqual([expect.stringContaining('docs/deployment/redis.md')]),
    )
    await it.setRules('+xread')
    await eventually(async () => {
      it.notify('demo')
      expect(it.heard).toContain('demo')
    })
    expect(it.lines.slice(1)).toEqual(['notifications can be read again'])
  } finally {
    it.close()
  }
})

test('after a refusal notifications are asked for again a second later', async () => {
  const documented = (await documentedUser()).split(' ')
  const it = await withRules(documented.filter((rule) => rule !== '+xread'))
  try {
    const pauses = skipPauses()
    await expect.poll(() => pauses.length).toBeGreaterThan(1)
    expect(new Set(pauses)).toEqual(new Set([1000]))
  } finally {
    it.close()
  }
})
