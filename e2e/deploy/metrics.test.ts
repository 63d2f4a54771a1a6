import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createClient } from '@emailauth/client'
import { startSystem } from '@emailauth/testing/system'
import { expect, onTestFinished, test } from 'vitest'

const promtool = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0

/** What promtool complains of. */
async function complaintsOf(metrics: string): Promise<string> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  child.stdin.end(metrics)
  const said = (await text(child.stdout)) + (await text(child.stderr))
  const [code] = await ended
  return code === 0 ? said : `${said}exit code ${code}`
}

test.runIf(promtool)(
  `promtool finds nothing wrong with metrics${promtool ? '' : ' (not here)'}`,
  async () => {
    const system = await startSystem({ command: 'up', env: { EMAILAUTH_METRICS_PUBLIC: 'true' } })
    onTestFinished(() => system.stop())
    // Metrics with labels come with the first calls.
    const client = createClient({ url: system.url, apiKey: system.apiKey })
    await client.register({ email: 'ada@example.com', token: 't' })
    await client.verify({ number: await system.numberFor('ada@example.com') })
    const { serviceToken } = JSON.parse(await readFile(join(system.home, 'secrets.json'), 'utf8'))
    const headers = { authorization: `Bearer ${serviceToken}` }
    for (const url of [system.url, system.persistenceUrl, system.mailerUrl]) {
      const reply = await fetch(`${url}/metrics`, { headers })
      expect(reply.status).toBe(200)
      const metrics = await reply.text()
      expect(metrics.match(/^# HELP /gm)?.length).toBeGreaterThan(20)
      expect(await complaintsOf(metrics)).toBe('')
    }
    // The check itself can fail.
    expect(await complaintsOf('# TYPE a_total gauge\na_total 1\n')).toContain('a_total')
  },
)
