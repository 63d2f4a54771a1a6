import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createWebhookMetrics } from './webhook-metrics.ts'

test('an event that is given up counts once, and those that one call drops count each', async () => {
  const registry = new Registry()
  const metrics = createWebhookMetrics(registry)
  metrics.gaveUp('gone')
  metrics.gaveUp('full', 3)
  const { values = [] } =
    (await registry.getSingleMetric('emailauth_webhook_events_given_up_total')?.get()) ?? {}
  expect(Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]))).toEqual({
    ...{ attempts: 0, gone: 1, disabled: 0, full: 3, unreadable: 0 },
  })
})
