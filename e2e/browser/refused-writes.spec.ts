import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from '../system/system.ts'
import { startUp } from '../system/up-system.ts'
import { goTo, openDashboard } from './dashboard-page.ts'

// All that a page reads is there while Redis refuses every change, so no part of it fails.
test('while Redis refuses writes every page says that persistence cannot work', async ({ page }) => {
  const redis = await startRedis()
  const system = await startUp({ EMAILAUTH_REDIS_URL: redis.url }, 'serve')
  try {
    await openDashboard(page, system, '/overview')
    const strip = page.getByRole('alert').filter({ hasText: 'Persistence cannot work' })
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
    await expect(strip).toHaveCount(0)

    await redisCommand(redis.port, 'config', 'set', 'maxmemory', '1')
    await expect(strip).toBeVisible({ timeout: 60_000 })
    for (const path of ['/identities', '/messages', '/tenants']) {
      await goTo(page, path)
      await expect(strip).toBeVisible()
    }
    await strip.getByRole('link', { name: 'The page System says why.' }).click()
    await expect(page.getByText('its memory is full').first()).toBeVisible({ timeout: 60_000 })

    await redisCommand(redis.port, 'config', 'set', 'maxmemory', '0')
    await expect(strip).toHaveCount(0, { timeout: 60_000 })
  } finally {
    await system.remove()
    await redis.stop()
  }
})
