import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually } from '@emailauth/testing/eventually'
import { startExim } from '@emailauth/testing/mail-servers/exim'
import { startHaraka } from '@emailauth/testing/mail-servers/haraka'
import { startOpenSmtpd } from '@emailauth/testing/mail-servers/opensmtpd'
import {
  ONLY_TLS_AND_SASL,
  startPostfix,
  startPostgrey,
  startSlowPolicy,
} from '@emailauth/testing/mail-servers/postfix'
import type { MailServer } from '@emailauth/testing/mail-servers/program'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { arrivals, callAtRate } from './callers.ts'
import { nothingLeft, readMetrics } from './nothing-left.ts'

/** A real mail server. `stop` also ends the server behind it. */
export interface MailServerTrial {
  readonly server: MailServer
  /** What the mailer also needs, such as a certificate to trust. */
  readonly env?: Readonly<Record<string, string>>
  readonly url?: string
  stop(): Promise<void>
}
export type StartTrial = (sinkPort: number) => Promise<MailServerTrial>

const alone =
  (start: (sinkPort: number) => Promise<MailServer>): StartTrial =>
  async (sinkPort) => {
    const server = await start(sinkPort)
    return { server, stop: server.stop }
  }

/** With its installed configuration. */
export const exim = alone(startExim)
export const openSmtpd = alone(startOpenSmtpd)
export const haraka = alone(startHaraka)
export const postfix = alone((sinkPort) => startPostfix({ sinkPort }))

/** Greets unknown clients after 6 s. */
export const postscreen = alone((sinkPort) =>
  startPostfix({
    sinkPort,
    postscreen: true,
    settings: { postscreen_access_list: '', postscreen_greet_action: 'enforce' },
  }),
)

/** Also checks what a client does after the greeting, and refuses its first mail with 450. */
export const postscreenDeep = alone((sinkPort) =>
  startPostfix({
    sinkPort,
    postscreen: true,
    settings: {
      postscreen_access_list: '',
      postscreen_greet_wait: '1s',
      postscreen_greet_action: 'enforce',
      postscreen_pipelining_enable: 'yes',
      postscreen_pipelining_action: 'enforce',
      postscreen_bare_newline_enable: 'yes',
      postscreen_bare_newline_action: 'enforce',
      postscreen_non_smtp_command_enable: 'yes',
    },
  }),
)

/** Refuses a new recipient for 3 s. */
export const postgrey: StartTrial = async (sinkPort) => {
  const grey = await startPostgrey(3)
  const server = await startPostfix({ sinkPort, settings: { smtpd_recipient_restrictions: grey.checks } })
  return { server, stop: async () => void (await Promise.all([server.stop(), grey.stop()])) }
}

/** Delays its reply after the dot. */
export const slowPolicy =
  (ms: number): StartTrial =>
  async (sinkPort) => {
    const policy = await startSlowPolicy(ms)
    const settings = { smtpd_end_of_data_restrictions: policy.checks }
    const server = await startPostfix({ sinkPort, settings })
    return {
      server,
      async stop() {
        await server.stop()
        policy.stop()
      },
    }
  }

/** Takes this many mails in 5 s, then answers MAIL with 450. */
export const messageRate = (mails: number): StartTrial =>
  alone((sinkPort) =>
    startPostfix({
      sinkPort,
      settings: {
        smtpd_client_message_rate_limit: String(mails),
        anvil_rate_time_unit: '5s',
        smtpd_client_event_limit_exceptions: '',
      },
    }),
  )

export const tlsAndSasl: StartTrial = async (sinkPort) => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-certificates-'))
  const { ca, certificate, key } = await makeCertificates(folder)
  const [user, password] = ['mailer', 'a p@ss/word']
  const sasl = { user, password, certificate, key }
  const server = await startPostfix({ sinkPort, settings: ONLY_TLS_AND_SASL, sasl })
  const credentials = `mailer%40postfix.example:${encodeURIComponent(password)}`
  return {
    server,
    env: { NODE_EXTRA_CA_CERTS: ca },
    url: server.url.replace('smtp://', `smtp://${credentials}@`).concat('?starttls=required'),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The built mailer sends through a real mail server, which relays to a server that counts. */
export async function throughMailServer(
  start: StartTrial,
  options: { readonly mails: number; readonly perSecond: number },
) {
  const { mails, perSecond } = options
  const redis = await startRedis()
  const sink = await startSmtp()
  const trial = await start(sink.port)
  const env = {
    ...sharedEnv(redis.url),
    ...trial.env,
    EMAILAUTH_SMTP_URL: trial.url ?? trial.server.url,
    EMAILAUTH_MAIL_FROM: 'emailauth <no-reply@sender.example>',
  }
  const mailer = await startMailer({ env })
  const startedAtMs = performance.now()
  try {
    const calls = await callAtRate({
      urls: () => [mailer.url],
      serviceToken: env.EMAILAUTH_SERVICE_TOKEN,
      perSecond,
      seconds: mails / perSecond,
    })
    const answered = calls.filter(({ state }) => state === 'sent' || state === 'queued').length
    await eventually(() => {
      const missing = answered - arrivals(sink.mails).size
      if (missing > 0)
        throw new Error(`${missing} mails have not arrived:\n${trial.server.output().slice(-4000)}`)
    }, 240_000)
    const seconds = Math.round((performance.now() - startedAtMs) / 100) / 10
    await nothingLeft([mailer], env.EMAILAUTH_SERVICE_TOKEN, redis.url)
    const metrics = await readMetrics(mailer.url, env.EMAILAUTH_SERVICE_TOKEN)
    const deferred = /^emailauth_message_attempts_total\{[^}]*state="deferred"[^}]*\} (\d+)/m.exec(
      metrics,
    )?.[1]
    return {
      calls: calls.length,
      answered,
      slowestAnswerMs: Math.round(Math.max(...calls.map(({ ms }) => ms))),
      arrived: arrivals(sink.mails).size,
      twice: sink.mails.length - arrivals(sink.mails).size,
      deferrals: Number(deferred ?? 0),
      seconds,
    }
  } finally {
    await mailer.stop()
    await trial.stop()
    await Promise.all([sink.stop(), redis.stop()])
  }
}
