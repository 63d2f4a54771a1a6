import { Registry } from 'prom-client'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createDeliveryReports } from '../events/delivery-reports.ts'
import { reportOutcomes } from '../events/report-outcomes.ts'
import { handOverEvents } from '../webhooks/hand-over-events.ts'
import { createDrops } from './mailer/drops.ts'

// The pace of what the gateway moves between the services, each number written out.

/** A service of which each call waits as long as it was asked to, and has nothing. */
function services() {
  const waits: number[] = []
  const none =
    <Result>(result: Result) =>
    async (...args: readonly unknown[]) => {
      waits.push((args.at(-1) as { waitSeconds: number }).waitSeconds)
      return result
    }
  const mailer = { leaseOutcomes: none([]), webhookFailures: none([]) }
  const persistence = { leaseOutbox: none({ entries: [], deleted: [] }) }
  return { waits, ports: { mailer, persistence, registry: new Registry() } as never }
}

test('a round asks and waits for 15 s; the next follows after 1 s, after a fault 5 s; the second fault is logged', async () => {
  const { waits, ports } = services()
  const tasks = [reportOutcomes(ports), ...handOverEvents(ports)]
  for (const task of tasks) {
    expect(task).toMatchObject({ everyMs: 1000, afterFaultMs: 5000, faultsLogged: 2 })
    await task.run({ signal: new AbortController().signal, leased: () => {} } as never)
  }
  expect(waits).toEqual([15, 15, 15])
})

test('outcomes are gathered for 50 ms, messages to drop for 100 ms', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const send = vi.fn(async () => ({ status: 204 }) as never)
  const logger = { warn: () => {} }
  const sendsAfter = (ms: number) => {
    vi.advanceTimersByTime(ms - 1)
    expect(send).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(send).toHaveBeenCalledTimes(1)
    send.mockClear()
  }
  createDeliveryReports({ reportDeliveries: send }, logger).report({
    identityId: 'demo.a',
    messageId: 'm',
    state: 'sent',
  } as never)
  sendsAfter(50)
  createDrops({ call: send }, logger).add({ identityId: 'demo.a', reason: 'gone' })
  sendsAfter(100)
})
