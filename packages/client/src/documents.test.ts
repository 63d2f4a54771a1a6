import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { API_KEYS, CREATE_API_KEY, REVOKE_API_KEY, ROTATE_API_KEY, VIEWER } from './api-keys.ts'
import { IDENTITIES, IDENTITY, REVOKE_IDENTITY } from './identities.ts'
import {
  CLEAR_SUPPRESSION,
  MAIL_PREVIEW,
  MESSAGE_COUNTS,
  MESSAGES,
  SEND_TEST_MAIL,
  SUPPRESSIONS,
} from './mails.ts'
import { REGISTER, RESEND } from './registration.ts'
import {
  CREATE_TENANT,
  DELETE_TENANT,
  DISABLE_TENANT,
  ENABLE_TENANT,
  TENANTS,
  UPDATE_TENANT,
} from './tenants.ts'
import { VERIFY } from './verification.ts'

const sdl = readFileSync(new URL('../../../apps/gateway/schema.graphql', import.meta.url), 'utf8')
const schema = buildSchema(sdl)

test.each([
  API_KEYS,
  CLEAR_SUPPRESSION,
  CREATE_API_KEY,
  CREATE_TENANT,
  DELETE_TENANT,
  DISABLE_TENANT,
  ENABLE_TENANT,
  IDENTITIES,
  IDENTITY,
  MAIL_PREVIEW,
  MESSAGES,
  MESSAGE_COUNTS,
  REGISTER,
  RESEND,
  REVOKE_API_KEY,
  REVOKE_IDENTITY,
  ROTATE_API_KEY,
  SEND_TEST_MAIL,
  SUPPRESSIONS,
  TENANTS,
  UPDATE_TENANT,
  VERIFY,
  VIEWER,
])('the committed contract knows: %.30s', (document) => {
  expect(validate(schema, parse(document))).toEqual([])
})
