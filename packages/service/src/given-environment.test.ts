import { expect, test } from 'vitest'
import { SECRET_VARIABLES } from './given-environment.ts'
import { VARIABLE_NAMES } from './variable-names.ts'

/** What a name of a secret ends with. URLs of Redis and relays have passwords. */
const LOOKS_SECRET = /(KEYS?|TOKEN|SECRET|AUTH|PASSWORD|DKIM|(REDIS|SMTP)_URL)$/
/** The name of a file that holds it. */
const IS_A_FILE = 'EMAILAUTH_TLS_KEY'

test('every secret may lie in a file', () => {
  const secrets = VARIABLE_NAMES.filter((name) => LOOKS_SECRET.test(name) && name !== IS_A_FILE)
  expect(secrets.length).toBeGreaterThan(9)
  expect([...SECRET_VARIABLES].sort()).toEqual(secrets.sort())
})
