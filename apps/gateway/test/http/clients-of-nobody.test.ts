import { freePort } from '@emailauth/testing/free-port'
import { expectWithin } from '@emailauth/testing/timing'
import { expect, test } from 'vitest'
import { createMailer } from '../../src/services/mailer/mailer-client.ts'
import { createPersistence } from '../../src/services/persistence/persistence-client.ts'
import { SERVICE_TOKEN as serviceToken } from '../services/scripted-service.ts'

test('a service that is not there at all is not asked twice, and fails at once', async () => {
  const persistence = createPersistence({ url: `http://127.0.0.1:${await freePort()}`, serviceToken })
  const began = performance.now()
  await expect(persistence.verify({ tenantId: 'demo', requestId: 'r1', number: '1' })).rejects.toMatchObject({
    problem: { code: 'unavailable' },
  })
  expectWithin(performance.now() - began, 500)
  await persistence.close()
})

test('drops that the mailer does not take are one warning, and no unhandled rejection', async () => {
  const warnings: object[] = []
  const logger = { warn: (fields: object) => warnings.push(fields) }
  const mailer = createMailer({ url: `http://127.0.0.1:${await freePort()}`, serviceToken, logger })
  for (const id of ['a', 'b', 'c']) mailer.drop(id, 'gone')
  await mailer.close()
  expect(warnings).toMatchObject([{ drops: 3 }])
})
