import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import type { CliError } from '../../exit-codes.ts'
import { createServices } from './services.ts'

function servicesWith({ shown = false } = {}) {
  const lines: string[] = []
  const deaths: CliError[] = []
  const services = createServices({
    onLine(name, line) {
      lines.push(`${name}: ${line}`)
      return shown
    },
    onDeath: (fault) => deaths.push(fault),
  })
  const run = (name: string, script: string) =>
    services.start({ name, file: process.execPath, args: ['-e', script], env: {}, linked: true })
  return { services, lines, deaths, run }
}

const OBEYS = `process.on('SIGTERM', () => { console.log('down'); process.exit(0) }); setInterval(() => {}, 1000); console.log('up')`

test('they end in the opposite order, and that is no death', async () => {
  const { services, lines, deaths, run } = servicesWith()
  services.atTheEnd(async () => void lines.push('cleaned'))
  for (const name of ['redis', 'gateway']) {
    run(name, OBEYS)
    await eventually(() => expect(lines).toContain(`${name}: up`))
  }
  await services.stopAll()
  await services.stopAll()
  expect(lines.slice(2)).toEqual(['gateway: down', 'redis: down', 'cleaned'])
  expect(deaths).toEqual([])
})

test('a service restarts in place, which is not reported as a crash, and stops with the others', async () => {
  const { services, lines, deaths, run } = servicesWith()
  run('gateway', OBEYS)
  await eventually(() => expect(lines).toEqual(['gateway: up']))
  await services.restart('gateway')
  await eventually(() => expect(lines).toEqual(['gateway: up', 'gateway: down', 'gateway: up']))
  await services.restart('nobody')
  await services.stopAll()
  expect(lines.slice(3)).toEqual(['gateway: down'])
  expect(deaths).toEqual([])
})

test('a crash is reported with the last output that was not printed', async () => {
  const { deaths, run } = servicesWith()
  run('mailer', `console.error('no SMTP'); process.exit(3)`)
  await eventually(() => expect(deaths[0]?.message).toBe('mailer ended with exit code 3.\n  no SMTP'))
})

test('output that was printed already is not repeated', async () => {
  const { deaths, run } = servicesWith({ shown: true })
  run('mailer', `console.error('no SMTP'); process.kill(process.pid, 'SIGKILL')`)
  await eventually(() => expect(deaths[0]?.message).toBe('mailer was killed by SIGKILL.'))
})

test('a program that is not there is a death too', async () => {
  const { services, deaths } = servicesWith()
  services.start({ name: 'redis', file: '/nowhere/redis-server', args: [], env: {}, linked: false })
  await eventually(() => expect(deaths[0]?.message).toContain('redis could not be started'))
})

test('killAll ends a process that ignores SIGTERM', async () => {
  const { services, lines, deaths, run } = servicesWith()
  run('gateway', `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`)
  await eventually(() => expect(lines).toContain('gateway: deaf'))
  const stopping = services.stopAll()
  services.killAll()
  await stopping
  expect(deaths).toEqual([])
})
