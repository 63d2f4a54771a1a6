import { resolve } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import type { Job } from '../load/operations.ts'
import { type Person, TOKEN } from '../load/people.ts'
import { measureRound } from '../rounds/round.ts'
import { type Child, startChild, startProgram } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { startStore } from './system.ts'

/** A system as the turns of a comparison need it. */
export interface Measured {
  readonly load: Child
  /** The processes whose CPU time is counted. */
  readonly pids: Readonly<Record<string, number>>
  /** Registers the people without a mail, and verifies the number of each. */
  verifyJob(people: readonly Person[]): Promise<Job>
  /** Registers the people and mails their numbers. */
  registerJob(people: readonly Person[]): Job
}

/** One for each call that is under way: fewer only let calls wait. */
const SMTP_CONNECTIONS = '64'
const START_MS = 15_000
const NAMESPACE = 'bench'
const SECRET = 'bench-secret'
/** pnpm runs programs in the bench's folder, and says here where it was called. */
const givenFrom = process.env.INIT_CWD ?? process.cwd()

/**
 * Starts a build of otpgateway, with a Redis and an SMTP server of its own. Its settings are those of its
 * sample, except for addresses and SMTP connections; its template is the file that the sample names.
 * @throws {Error} with what it wrote when it does not start.
 */
export async function startPeer(cleanup: Cleanup, file: string, appendOnly: boolean): Promise<Measured> {
  const { redis } = await startStore(cleanup, { appendOnly })
  const start = (script: string) => cleanup.keep(startChild(script), (child) => child.stop())
  const load = start('./load/load.js')
  const sink = start('./load/smtp-sink.js')
  const { port: smtpPort } = await sink.ask<{ port: number }>({})
  const port = await freePort()
  const settings = {
    APP__ADDRESS: `127.0.0.1:${port}`,
    APP__SERVER_TIMEOUT: '5s',
    APP__OTP_TTL: '300',
    APP__OTP_MAX_ATTEMPTS: '5',
    APP__ROOT_URL: `http://localhost:${port}`,
    STORE__REDIS__HOST: '127.0.0.1',
    STORE__REDIS__PORT: String(redis.port),
    AUTH__BENCH__NAMESPACE: NAMESPACE,
    AUTH__BENCH__SECRET: SECRET,
    PROVIDERS__SMTP__ENABLED: 'true',
    PROVIDERS__SMTP__HOST: '127.0.0.1',
    PROVIDERS__SMTP__PORT: String(smtpPort),
    PROVIDERS__SMTP__AUTH_PROTOCOL: 'none',
    PROVIDERS__SMTP__TLS_TYPE: 'none',
    PROVIDERS__SMTP__TIMEOUT: '5s',
    PROVIDERS__SMTP__MAX_CONNS: SMTP_CONNECTIONS,
    PROVIDERS__SMTP__FROM_EMAIL: 'otpgateway <no-reply@localhost>',
    PROVIDERS__SMTP__SUBJECT: '{{ .Namespace }}: {{ .Channel }} verification',
    PROVIDERS__SMTP__TEMPLATE: 'static/smtp.tpl',
  }
  const env = Object.entries(settings).map(([name, value]) => [`OTP_GATEWAY_${name}`, value])
  const path = resolve(givenFrom, file)
  const peer = cleanup.keep(startProgram(path, Object.fromEntries(env)), (child) => child.stop())
  await eventually(async () => {
    if (peer.hasEnded()) return
    const reply = await fetch(`http://127.0.0.1:${port}/api/health`)
    if (!reply.ok) throw new Error(await reply.text())
  }, START_MS).catch((cause) => {
    throw new Error(`${path} is not ready:\n${peer.output()}`, { cause })
  })
  if (peer.hasEnded()) throw new Error(`${path} does not start.\n${peer.output()}`)
  return {
    load,
    pids: { otpgateway: peer.pid, redis: redis.pid, 'smtp sink': sink.pid },
    async verifyJob(people) {
      const numbers = people.map((_, i) => String(i).padStart(6, '0'))
      const job = setJob(port, people, (_, i) => `&otp=${numbers[i]}`)
      await measureRound(load, job, {})
      return {
        ...formJob(port, people),
        values: numbers.map((number) => `otp=${number}`),
        expect: `"extra":{"token":"${TOKEN}"}`,
      }
    },
    registerJob: (people) => setJob(port, people, ({ email }) => `&to=${encodeURIComponent(email)}`),
  }
}

/** Sets a number for each person. Without an address in the form, no mail is sent. */
function setJob(
  port: number,
  people: readonly Person[],
  form: (person: Person, index: number) => string,
): Job {
  const extra = encodeURIComponent(JSON.stringify({ token: TOKEN }))
  return {
    ...formJob(port, people),
    method: 'PUT',
    values: people.map((person, i) => `provider=smtp&extra=${extra}${form(person, i)}`),
    expect: '"status":"success"',
  }
}

function formJob(port: number, people: readonly Person[]) {
  const secret = Buffer.from(`${NAMESPACE}:${SECRET}`).toString('base64')
  return {
    port,
    path: '/api/otp/',
    pathEnds: people.map(({ email }) => encodeURIComponent(email)),
    headers: `authorization: Basic ${secret}\r\n`,
    contentType: 'application/x-www-form-urlencoded',
    before: '',
    after: '',
  }
}
