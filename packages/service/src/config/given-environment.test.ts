import { expect, test } from 'vitest'
import { readGiven, SECRET_VARIABLES } from './given-environment.ts'
import { VARIABLE_NAMES } from './variable-names.ts'

/** What a name of a secret ends with. URLs of Redis and relays have passwords. */
const LOOKS_SECRET = /(KEYS?|TOKENS?|SECRET|AUTH|PASSWORD|DKIM|(REDIS|SMTP)_URL)$/
/** The name of a file that holds it. */
const IS_A_FILE = 'EMAILAUTH_TLS_KEY'

test('every secret may lie in a file', () => {
  const secrets = VARIABLE_NAMES.filter((name) => LOOKS_SECRET.test(name) && name !== IS_A_FILE)
  expect(secrets.length).toBeGreaterThan(9)
  expect([...SECRET_VARIABLES].sort()).toEqual(secrets.sort())
})

test.each(['EMAILAUTH', 'EMAILAUTH_REDIS', 'EMAILAUTH_SMTP'])(
  'the variables that Kubernetes sets for a service called as %s says are no slips',
  (service) => {
    const port = `${service}_PORT_4000_TCP`
    const links = {
      [`${service}_SERVICE_HOST`]: '10.0.0.1',
      [`${service}_SERVICE_PORT`]: '4000',
      [`${service}_SERVICE_PORT_HTTP`]: '4000',
      [`${service}_PORT`]: 'tcp://10.0.0.1:4000',
      [port]: 'tcp://10.0.0.1:4000',
      [`${port}_PROTO`]: 'tcp',
      [`${port}_PORT`]: '4000',
      [`${port}_ADDR`]: '10.0.0.1',
    }
    expect(readGiven(links).faults).toEqual([])
  },
)
