import { portVariable, readEnvironment, sharedEnvironment } from '@emailauth/service/config/config'
import { withEnvFile } from '@emailauth/service/config/env-file'

/** What the inbox reads from the environment. */
export const inboxEnvironment = {
  EMAILAUTH_SMTP_PORT: portVariable(1025, "the inbox's SMTP server"),
  EMAILAUTH_INBOX_PORT: portVariable(8025, "the inbox's page and API"),
  EMAILAUTH_LOG_LEVEL: sharedEnvironment.EMAILAUTH_LOG_LEVEL,
}

export const readInboxConfig = () =>
  readEnvironment(inboxEnvironment, withEnvFile(process.env, process.cwd()))
