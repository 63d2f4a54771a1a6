import { SHUTDOWN_MS } from '@emailauth/service/lifecycle/run'
import { expect, test } from 'vitest'
import { RECORD_MS } from '../../mailer/src/delivery/deliver.ts'
import { DRAIN_MS } from '../../mailer/src/mailer-options.ts'
import { GATEWAY_CLOSING_MS } from '../src/gateway-closing.ts'

test('a relay and a Redis that hang do not make a shutdown fail: gateway and mailer have time one after the other', () => {
  expect(GATEWAY_CLOSING_MS).toBeGreaterThanOrEqual(1000)
  expect(GATEWAY_CLOSING_MS + DRAIN_MS + RECORD_MS).toBeLessThan(SHUTDOWN_MS)
})
