import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { redisCli } from '@emailauth/testing/redis-cli'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test } from 'vitest'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

/** The commands of the page on backups that delete waiting mails. */
async function documented(): Promise<string> {
  const page = await readFile(new URL('../../../../docs/operations/backups.md', import.meta.url), 'utf8')
  return (page.match(/^redis-cli .*ea:mail.*$/gm) ?? []).join('\n')
}

test('after a restore waiting mails can be deleted while no mailer runs; later mails wait and go out', async () => {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const later = { code: 451, text: '4.7.1 later' } as const
  smtp.script.rcptTo = () => later
  const before = await runMailer(redis.url, smtp.url)
  for (let i = 0; i < 3; i++) await before.send(aMessage({ email: `old${i}@example.com` }))
  const waiting = async (mailer: typeof before) => (await mailer.get('/v1/status')).json().queue.waiting
  expect(await waiting(before)).toBe(3)
  await before.close()

  // As a mail leaves it that was being sent at the backup.
  const [partition] = createMessageKeys(before.redis).partitions
  const underWay = partition?.underWay ?? ''
  await redisCli(redis.port, 'ZADD', underWay, '1', 'identity')

  const command = (await documented()).replaceAll('redis-cli', `redis-cli -p ${redis.port}`)
  await promisify(execFile)('sh', ['-c', command], { timeout: 20_000 })

  expect(await redisCli(redis.port, 'EXISTS', underWay)).toContain('0')

  const after = await runMailer(redis.url, smtp.url)
  onTestFinished(() => after.close())
  expect(await waiting(after)).toBe(0)
  await after.send(aMessage({ email: 'new@example.com' }))
  expect(await waiting(after)).toBe(1)
  delete smtp.script.rcptTo
  await eventually(() => expect(smtp.mails.map(({ to }) => to)).toEqual([['new@example.com']]), 60_000)
})
