import { parseRedisUrl } from '@emailauth/redis/connection/redis-url'
import { redisUrlWarnings } from '@emailauth/redis/connection/redis-url-warnings'
import {
  allowPlaintextSmtp,
  allowPrivateSmtp,
  type Environment,
  hostVariable,
  numberVariable,
  portVariable,
  readEnvironment,
  redisUrlVariable,
  sharedEnvironment,
  webhookPermissions,
} from '@emailauth/service/config/config'
import { withEnvFile } from '@emailauth/service/config/env-file'
import { type ConfigWarning, warningsOf } from '@emailauth/service/config/warnings'
import { z } from 'zod'

/**
 * The environment of the persistence service.
 * @public read by scripts/env-example.mjs
 */
export const persistenceEnvironment = {
  ...sharedEnvironment,
  EMAILAUTH_REDIS_URL: redisUrlVariable(parseRedisUrl),
  EMAILAUTH_REDIS_REPLICAS: numberVariable(0, 10, ' of replicas')
    .default(0)
    .describe('How many replicas must have a change before it is answered for (WAIT); 0 = none'),
  EMAILAUTH_ALLOW_PRIVATE_SMTP: allowPrivateSmtp,
  EMAILAUTH_ALLOW_PLAINTEXT_SMTP: allowPlaintextSmtp,
  ...webhookPermissions,
  EMAILAUTH_PERSISTENCE_HOST: hostVariable('the persistence service'),
  EMAILAUTH_PERSISTENCE_PORT: portVariable(4001, 'the persistence service'),
  NODE_ENV: z
    .string()
    .optional()
    .describe(
      'production: no GraphQL introspection, and numbers of test tenants live a minute at least; anything else: development',
    ),
}

export type PersistenceConfig = Environment<typeof persistenceEnvironment>

export const readConfig = (): PersistenceConfig =>
  readEnvironment(persistenceEnvironment, withEnvFile(process.env, process.cwd()))

export const configWarnings = (
  env: Readonly<Record<string, string | undefined>> = withEnvFile(process.env, process.cwd()),
): readonly ConfigWarning[] => warningsOf({ EMAILAUTH_REDIS_URL: redisUrlWarnings }, env)
