import { setTimeout as wait } from 'node:timers/promises'
import { startSmtp } from '@emailauth/testing/smtp'
import { expectWithin } from '@emailauth/testing/timing'
import { expect, onTestFinished, test } from 'vitest'
import { FULL, report } from './form.ts'
import { mayMakeHosts } from './hosts.ts'
import { createSignIns } from './sign-ins.ts'
import { type SixHosts, startSixHosts } from './six-hosts.ts'
import { WIDE_SETTINGS } from './world.ts'

// Only in the full form: what a cut does depends on time-outs, and so on the pace of the machine.
const CUT_MS = 10_000
const CALLERS = 6
const RECOVERY_MS = 5000
const WHOLE_MS = 120_000

test.runIf(FULL && mayMakeHosts())(
  'six hosts, each cut off for 10 s in turn: nothing acknowledged is lost, no token is given twice',
  async () => {
    const smtp = await startSmtp()
    onTestFinished(() => smtp.stop())
    const six = await startSixHosts({ smtpPort: smtp.port })
    onTestFinished(() => six.stop())
    const signIns = createSignIns({ gateways: six.gateways, key: await newKey(six), smtp, callers: CALLERS })
    onTestFinished(() => signIns.close())
    await signIns.goOn(CALLERS)
    for (const host of six.hosts) {
      await six.whole(WHOLE_MS)
      const wasMaster = (await six.master()) === host
      await signIns.goOn(CALLERS)
      const [cutAt, before] = [performance.now(), signIns.count()]
      await host.cut()
      // The length of the outage itself.
      await wait(CUT_MS)
      const during = signIns.count() - before
      await host.join()
      const joinedAt = performance.now()
      await six.whole(WHOLE_MS)
      await signIns.goOn(2 * CALLERS)
      const recoveredMs = signIns.troubleAfter(cutAt, joinedAt)
      const rejoinedMs = signIns.troubleAfter(joinedAt)
      const longestPauseMs = signIns.pauseAfter(cutAt)
      report(`${host.name} cut off for ${CUT_MS / 1000} s`, {
        wasMaster,
        during,
        recoveredMs,
        longestPauseMs,
        rejoinedMs,
      })
      expectWithin(recoveredMs, RECOVERY_MS)
      expectWithin(rejoinedMs, RECOVERY_MS)
      expect(during).toBeGreaterThan(0)
    }
    await signIns.stop()
    const left = await signIns.verifyTheRest()
    report('six hosts', {
      signIns: signIns.count(),
      left,
      repeated: signIns.repeated(),
      wrong: signIns.wrong.length,
    })
    expect(signIns.wrong.join('\n')).toBe('')
  },
  1_200_000,
)

async function newKey({ persist }: SixHosts): Promise<string> {
  await persist('/v1/tenants', { id: 'hosts', name: 'Hosts', settings: WIDE_SETTINGS })
  return String((await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'hosts', name: 'k' })).key)
}
