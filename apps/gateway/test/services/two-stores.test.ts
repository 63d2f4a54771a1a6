import { eventually } from '@emailauth/testing/eventually'
import { hostPersistence } from '@emailauth/testing/hosted-services'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv } from '@emailauth/testing/services'
import { expect, onTestFinished, test } from 'vitest'
import { startWorld } from '../world.ts'

test('two persistences with different Redis are named by /readyz and the log, and the gateway goes on', async () => {
  const [world, otherRedis] = await Promise.all([startWorld(), startRedis()])
  onTestFinished(async () => {
    await world.stop()
    await otherRedis.stop()
  })
  const env = { ...world.env, ...pickRedis(sharedEnv(otherRedis.url)) }
  const other = await hostPersistence({ env })
  onTestFinished(() => other.stop())
  const gateway = await world.another({ persistenceUrl: `${world.persistence.url},${other.url}` })
  onTestFinished(() => gateway.close())
  const checks = async () => {
    const reply = await gateway.inject('/readyz')
    return [reply.statusCode, reply.json().checks]
  }

  await eventually(async () =>
    expect(await checks()).toEqual([200, { persistence: 'ok', store: 'unavailable', mailer: 'ok' }]),
  )
  await eventually(() => {
    const line = world.log.find((text) => text.includes('not ready for work: store'))
    expect(line).toMatch(/different stores \([\w-]{22}, [\w-]{22}\): set the same EMAILAUTH_REDIS_URL/)
  })
  const metrics = await gateway.inject({
    url: '/metrics',
    headers: { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}` },
  })
  expect(metrics.body).toContain('emailauth_ready{check="store",service="gateway"} 0')
})

const pickRedis = ({ EMAILAUTH_REDIS_URL }: ReturnType<typeof sharedEnv>) => ({ EMAILAUTH_REDIS_URL })
