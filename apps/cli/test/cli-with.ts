import { onTestFinished } from 'vitest'
import { startGateway } from './gateway.ts'
import { runHere } from './run-here.ts'

/** What a register answers when all is well. */
export const registered = {
  __typename: 'Registered',
  identityId: 'demo.id',
  email: 'ada@example.com',
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  delivery: 'SENT',
  replaced: true,
}

/** An answer that is no success. */
export const problem = (__typename: string, more = {}) => ({
  data: { __typename, code: 'C', message: 'Not so.', ...more },
})

/** The token comes next. */
export const REGISTER = ['register', '--email', 'ada@example.com', '--token']

/** The CLI, in this process, against a gateway that gives these answers; it ends with the test. */
export async function cliWith(answers: Parameters<typeof startGateway>[0]) {
  const gateway = await startGateway(answers)
  onTestFinished(() => gateway.stop())
  const env = { EMAILAUTH_URL: gateway.url, EMAILAUTH_API_KEY: 'ea_env' }
  return {
    calls: gateway.calls,
    env,
    run: (args: readonly string[], input = '') => runHere(args, { env, input }),
  }
}
