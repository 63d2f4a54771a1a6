import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test } from 'vitest'
import { aMessage, runMailer } from './running-mailer.ts'

/** The command of the page on backups that deletes waiting mails. */
async function documented(): Promise<string> {
  const page = await readFile(new URL('../../../docs/operations/backups.md', import.meta.url), 'utf8')
  return /^redis-cli .*ea:mail.*$/m.exec(page)?.[0] ?? ''
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

  const command = (await documented()).replaceAll('redis-cli', `redis-cli -p ${redis.port}`)
  await promisify(execFile)('sh', ['-c', command], { timeout: 20_000 })

  const after = await runMailer(redis.url, smtp.url)
  onTestFinished(() => after.close())
  expect(await waiting(after)).toBe(0)
  await after.send(aMessage({ email: 'new@example.com' }))
  expect(await waiting(after)).toBe(1)
  delete smtp.script.rcptTo
  await eventually(() => expect(smtp.mails.map(({ to }) => to)).toEqual([['new@example.com']]), 60_000)
})
