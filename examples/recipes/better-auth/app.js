import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { emailauthPlugin } from './plugin.js'

/**
 * @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string, baseURL: string }}
 * options
 */
export const buildApp = ({ emailauth, secret, baseURL }) =>
  betterAuth({
    secret,
    baseURL,
    telemetry: { enabled: false },
    // Your database's adapter stands here.
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    plugins: [emailauthPlugin({ emailauth })],
  }).handler
