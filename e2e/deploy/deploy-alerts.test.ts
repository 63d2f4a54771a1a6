import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { execute, filesBelow, isHere, read, root } from './deploy-files.ts'

test('every metric that the alerts and the dashboard ask for is one that a service has', async () => {
  const sources = await filesBelow('apps', (name) => name.endsWith('-metrics.ts'))
  const inService = ['http/metrics', 'http/health', 'metrics/certificate-metrics']
  const shared = [...inService.map((name) => `service/src/${name}.ts`), 'redis/src/rules/observe-rules.ts']
  sources.push(...shared.map((file) => join('packages', file)))
  const names = new Set<string>()
  for (const file of sources) {
    for (const [, name] of (await read(file)).matchAll(/name: '(emailauth_\w+)'/g)) names.add(String(name))
  }
  for (const file of ['deploy/prometheus/alerts.yaml', 'deploy/grafana/emailauth.json']) {
    const asked = (await read(file)).match(/\bemailauth_\w+/g) ?? []
    expect(asked.length).toBeGreaterThan(5)
    const unknown = asked.filter((name) => !names.has(name.replace(/_(bucket|count|sum)$/, '')))
    expect({ file, unknown }).toEqual({ file, unknown: [] })
  }
})

test('the alert on slow calls sees those by REST too, and none between the services', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const { expr } = groups[0].rules.find(({ alert }: { alert: string }) => alert === 'EmailauthSlow')
  expect(expr).toContain('service="gateway",route=~"/graphql|/v1/.+"')
})

test('the page on alerts has each one, with the time after which it fires', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const rules: { alert: string; for?: string; annotations: Record<string, string> }[] = groups[0].rules
  const page = await read('docs/operations/alerts.md')
  const [whatToDo = '', whenTheyFire = ''] = page.split('### When they fire')
  const rows = (text: string) => [...text.matchAll(/^\| `(Emailauth\w+)` +\|.*\| ([^|]+?) +\|$/gm)]
  expect(rows(whatToDo).map(([, alert]) => alert)).toEqual(rules.map(({ alert }) => alert))
  expect(rows(whenTheyFire).map(([, alert, time]) => [alert, time])).toEqual(
    rules.map((rule) => [rule.alert, rule.for?.replace(/m$/, ' min') ?? 'at once']),
  )
  for (const { annotations } of rules)
    expect(annotations.runbook_url).toMatch(/blob\/main\/docs\/operations\/alerts\.md#alerts$/)
})

/** The comparison that ends each alert's expression. */
const THRESHOLDS: Readonly<Record<string, string>> = {
  EmailauthDown: '== 0',
  EmailauthNotReady: '== 0',
  EmailauthFaults: '> 0.01',
  EmailauthSlow: '> 0.5',
  EmailauthRedisErrors: '> 0.1',
  EmailauthRelayDown: '== 0',
  EmailauthRelayRefuses: '> 0',
  EmailauthMailsWait: '> 100',
  EmailauthRefused: '> 0.05',
  EmailauthWebhooksStay: '> 0.5',
  EmailauthWebhooksFail: '== 0',
  EmailauthWebhooksGivenUp: '> 0',
  EmailauthEventLoopLags: '> 0.25',
  EmailauthCertificateExpires: '< 604800',
}

test('each alert has its threshold, and looks back for as long as it waits or a little less', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const rules: { alert: string; expr: string }[] = groups[0].rules
  const found = rules.map(({ alert, expr }) => [alert, /[<>=]+ [\d.]+$/.exec(expr.trim())?.[0]])
  expect(Object.fromEntries(found)).toEqual(THRESHOLDS)
  const windows = rules.flatMap(({ expr }) => [...expr.matchAll(/\[(\w+)\]/g)].map(([, window]) => window))
  expect([...new Set(windows)].sort()).toEqual(['10m', '15m', '1h', '30m', '5m'])
})

test('faults that GraphQL answers with 200 are counted by their code, in the alert and in the dashboard', async () => {
  const faults = 'emailauth_graphql_operation_duration_seconds_count{job="emailauth",code=~'
  const codes = '"SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR"'
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
  const { expr } = groups[0].rules.find(({ alert }: { alert: string }) => alert === 'EmailauthFaults')
  expect(expr).toContain(faults + codes)
  const { panels } = JSON.parse(await read('deploy/grafana/emailauth.json'))
  const { targets } = panels.find(({ title }: { title: string }) => title === 'Faults')
  expect(targets.map((target: { expr: string }) => target.expr).join()).toContain(faults + codes)
})

const promtool = await isHere('promtool')
test.runIf(promtool)(
  `promtool finds nothing wrong with the alerts${promtool ? '' : ' (not here)'}`,
  async () => {
    await execute('promtool', ['check', 'rules', join(root, 'deploy/prometheus/alerts.yaml')])
  },
)

test.runIf(promtool)(
  'events that a mailer gave up before it was first scraped are seen for an hour, as are later ones',
  async () => {
    const { groups } = parse(await read('deploy/prometheus/alerts.yaml'))
    const { expr } = groups[0].rules.find(
      ({ alert }: { alert: string }) => alert === 'EmailauthWebhooksGivenUp',
    )
    const series = (instance: string, reason: string, values: string) => ({
      series: `emailauth_webhook_events_given_up_total{job="emailauth",instance="${instance}",reason="${reason}"}`,
      values,
    })
    const seen = (eval_time: string, ...reasons: string[]) => ({
      expr: `count by (reason) (${expr})`,
      eval_time,
      exp_samples: reasons.map((reason) => ({ labels: `{reason="${reason}"}`, value: 1 })),
    })
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-alerts-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'given-up.json')
    // Three mailers run from the beginning, one of which cannot be scraped for 12 minutes. A fourth comes
    // after two hours, at a new address.
    const input_series = [
      series('gap', 'full', '5x9 _x12 5x380'),
      series('old', 'full', '0x300 1x100'),
      series('old', 'unreadable', '0x400'),
      series('idle', 'unreadable', '0x400'),
      series('new', 'unreadable', '_x119 2x280'),
    ]
    const promql_expr_test = [
      seen('75m'),
      seen('118m'),
      seen('121m', 'unreadable'),
      seen('178m', 'unreadable'),
      seen('182m'),
      seen('302m', 'full'),
      seen('362m'),
    ]
    // JSON is YAML too.
    await writeFile(file, JSON.stringify({ tests: [{ interval: '1m', input_series, promql_expr_test }] }))
    await execute('promtool', ['test', 'rules', file])
  },
)
