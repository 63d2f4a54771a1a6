import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

// The chart is rendered by Go's templates with the functions that Helm takes, both from Debian, and each
// document is held against the schemas of Kubernetes.

const root = fileURLToPath(new URL('../..', import.meta.url))
const chart = join(root, 'deploy/helm/emailauth')
const GO_PACKAGES = '/usr/share/gocode'
const execute = promisify(execFile)

const go = await execute('go', ['version']).catch(() => undefined)
const canRender = go !== undefined && existsSync(join(GO_PACKAGES, 'src/github.com/Masterminds/sprig'))
const why = canRender
  ? ''
  : ' (not here: golang-go, golang-github-masterminds-sprig-dev or golang-gopkg-yaml.v3-dev missing)'

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  // biome-ignore lint/suspicious/noExplicitAny: each kind has a shape of its own
  readonly spec: any
}

type Values = Readonly<Record<string, unknown>>

async function render(given: Values): Promise<Manifest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-chart-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const values = parse(await readFile(join(chart, 'values.yaml'), 'utf8'))
  for (const [name, value] of Object.entries(given))
    values[name] = typeof value === 'object' ? { ...values[name], ...value } : value
  const file = join(folder, 'values.json')
  await writeFile(file, JSON.stringify(values))
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: GO_PACKAGES, GOFLAGS: '' }
  const program = join(root, 'scripts/chart/render.go')
  const { stdout } = await execute('go', ['run', program, chart, 'mine', file], { env })
  const documents = parseAllDocuments(stdout)
  for (const document of documents) expect(document.errors).toEqual([])
  return documents.map((document) => document.toJS()).filter((manifest) => manifest !== null)
}

/** The sentences of the schema about a document; none when it is right. */
async function faultsOf(manifest: Manifest): Promise<string | undefined> {
  const library = manifest.apiVersion.startsWith('monitoring.coreos.com/')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models'
  const { [manifest.kind]: Model } = await import(`${library}/${manifest.apiVersion}/${manifest.kind}`)
  try {
    new Model(manifest).validate()
    return undefined
  } catch (error) {
    return `${manifest.kind} ${manifest.metadata.name}: ${error}`
  }
}

const kindsOf = (manifests: readonly Manifest[]) => {
  const counts = new Map<string, number>()
  for (const { kind } of manifests) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return Object.fromEntries(counts)
}

describe.runIf(canRender)(`the Helm chart${why}`, () => {
  test.each<[string, Values, Record<string, number>]>([
    [
      'by default',
      {},
      { Service: 3, Deployment: 3, PodDisruptionBudget: 3, HorizontalPodAutoscaler: 3, NetworkPolicy: 3 },
    ],
    [
      'with everything on',
      {
        ingress: { enabled: true, className: 'nginx', tlsSecret: 'tls', annotations: { a: 'b' } },
        serviceMonitor: { enabled: true },
        tls: { existingSecret: 'services-tls' },
      },
      {
        Service: 3,
        Deployment: 3,
        PodDisruptionBudget: 3,
        HorizontalPodAutoscaler: 3,
        NetworkPolicy: 3,
        Ingress: 1,
        ServiceMonitor: 1,
      },
    ],
    [
      'with everything off',
      { autoscaling: { enabled: false }, networkPolicy: { enabled: false } },
      { Service: 3, Deployment: 3, PodDisruptionBudget: 3 },
    ],
    [
      'with all services in one process',
      {
        mode: 'serve',
        ingress: { enabled: true, className: 'nginx', tlsSecret: 'tls', annotations: { a: 'b' } },
        serviceMonitor: { enabled: true },
        tls: { existingSecret: 'services-tls' },
      },
      {
        Service: 1,
        Deployment: 1,
        PodDisruptionBudget: 1,
        HorizontalPodAutoscaler: 1,
        NetworkPolicy: 1,
        Ingress: 1,
        ServiceMonitor: 1,
      },
    ],
  ])('is valid %s', async (_what, values, kinds) => {
    const manifests = await render(values)
    expect(kindsOf(manifests)).toEqual(kinds)
    const faults = await Promise.all(manifests.map(faultsOf))
    expect(faults.filter((fault) => fault !== undefined)).toEqual([])
  })

  test.each(['separate', 'serve'])(
    '%s: every part names the same pods, and every pod is confined',
    async (mode) => {
      const manifests = await render({ mode })
      const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)
      for (const { metadata, spec } of of('Deployment')) {
        const labels = spec.template.metadata.labels
        expect(spec.selector.matchLabels).toEqual(labels)
        const sameName = (kind: string) =>
          of(kind).find((other) => other.metadata.name === metadata.name)?.spec
        expect(sameName('Service').selector).toEqual(labels)
        expect(sameName('PodDisruptionBudget').selector.matchLabels).toEqual(labels)
        expect(sameName('NetworkPolicy').podSelector.matchLabels).toEqual(labels)
        expect(sameName('HorizontalPodAutoscaler').scaleTargetRef.name).toBe(metadata.name)
        const [container] = spec.template.spec.containers
        expect(spec.template.spec.securityContext.runAsNonRoot).toBe(true)
        // Kubernetes would set variables of ours, named after the Services.
        expect(spec.template.spec.enableServiceLinks).toBe(false)
        expect(container.securityContext).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        })
        expect(sameName('Service').ports[0].port).toBe(container.ports[0].containerPort)
      }
    },
  )

  test('the mailer may have a Redis user of its own, and Prometheus a token for metrics alone', async () => {
    const manifests = await render({
      mailer: { redisUrlKey: 'EMAILAUTH_MAILER_REDIS_URL' },
      serviceMonitor: { enabled: true, tokenKey: 'EMAILAUTH_METRICS_TOKEN' },
    })
    const keyOf = (component: string, variable: string) => {
      const { spec } = manifests.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === `mine-${component}`,
      ) as Manifest
      const { env } = spec.template.spec.containers[0]
      return env.find(({ name }: { name: string }) => name === variable)?.valueFrom.secretKeyRef
    }
    const name = 'emailauth'
    expect(keyOf('mailer', 'EMAILAUTH_REDIS_URL')).toEqual({ name, key: 'EMAILAUTH_MAILER_REDIS_URL' })
    expect(keyOf('persistence', 'EMAILAUTH_REDIS_URL')).toEqual({ name, key: 'EMAILAUTH_REDIS_URL' })
    for (const component of ['gateway', 'persistence', 'mailer'])
      expect(keyOf(component, 'EMAILAUTH_METRICS_TOKEN')).toEqual({
        name,
        key: 'EMAILAUTH_METRICS_TOKEN',
        optional: true,
      })
    const monitor = manifests.find(({ kind }) => kind === 'ServiceMonitor')
    expect(monitor?.spec.endpoints[0].authorization.credentials).toEqual({
      name,
      key: 'EMAILAUTH_METRICS_TOKEN',
    })
  })

  test('without persistence no gateway is taken out of its Service', async () => {
    const manifests = await render({})
    const pathOf = (component: string) =>
      manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === `mine-${component}`)
        ?.spec.template.spec.containers[0].readinessProbe.httpGet.path
    expect(['gateway', 'persistence', 'mailer'].map(pathOf)).toEqual([
      '/readyz?exclude=persistence',
      '/readyz',
      '/readyz',
    ])
  })

  test('with mode serve a pod has all settings and secrets, and the ingress leads to it', async () => {
    const manifests = await render({
      mode: 'serve',
      gateway: { env: { EMAILAUTH_PUBLIC_URL: 'https://mine.example' } },
      persistence: { env: { EMAILAUTH_REDIS_REPLICAS: 1 } },
      mailer: { env: { EMAILAUTH_MAIL_FROM: 'me@mine.example', EMAILAUTH_LOG_LEVEL: 'warn' } },
      serve: { env: { EMAILAUTH_PROCESSES: 4, EMAILAUTH_LOG_LEVEL: 'debug' } },
      ingress: { enabled: true },
      tls: { existingSecret: 'services-tls' },
    })
    const of = (kind: string) => manifests.find((manifest) => manifest.kind === kind)?.spec
    const { containers, volumes } = of('Deployment').template.spec
    const [{ args, env, ports, readinessProbe }] = containers
    expect([args, ports[0].containerPort]).toEqual([['serve'], 4000])
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
    const given = new Map<string, unknown>(
      env.map(({ name, value, valueFrom }: Record<string, never>) => [name, value ?? valueFrom]),
    )
    // A name that stands twice would be one too many.
    expect(given.size).toBe(env.length)
    expect(Object.fromEntries(given)).toMatchObject({
      EMAILAUTH_HOST: '0.0.0.0',
      EMAILAUTH_PUBLIC_URL: 'https://mine.example',
      EMAILAUTH_REDIS_REPLICAS: '1',
      EMAILAUTH_MAIL_FROM: 'me@mine.example',
      EMAILAUTH_PROCESSES: '4',
      EMAILAUTH_LOG_LEVEL: 'debug',
    })
    for (const secret of ['SERVICE_TOKEN', 'REDIS_URL', 'SECRET_KEYS', 'MAILER_KEYS', 'SMTP_URL'])
      expect(given.get(`EMAILAUTH_${secret}`)).toEqual({
        secretKeyRef: { name: 'emailauth', key: `EMAILAUTH_${secret}` },
      })
    // Nothing is called by network, so there is nothing to have certificates for.
    expect([...given.keys()].filter((name) => /_TLS_|_URL$/.test(name)).sort()).toEqual([
      'EMAILAUTH_PUBLIC_URL',
      'EMAILAUTH_REDIS_URL',
      'EMAILAUTH_SMTP_URL',
    ])
    expect(volumes.map(({ name }: { name: string }) => name)).toEqual(['tmp'])
    expect(of('Ingress').rules[0].http.paths[0].backend.service.name).toBe('mine-serve')
    expect(of('NetworkPolicy').ingress).toEqual([{ ports: [{ port: 4000 }] }])
  })

  test.each([
    ['separate', { memory: '192Mi' }, { memory: '512Mi' }],
    ['serve', { memory: '256Mi' }, { memory: '768Mi' }],
  ])(
    '%s: how long a pod may take, how much it gets, and how many there are',
    async (mode, requests, limits) => {
      const manifests = await render({ mode })
      const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)
      for (const { spec } of of('Deployment')) {
        expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
        const { terminationGracePeriodSeconds, topologySpreadConstraints, containers, volumes } =
          spec.template.spec
        // The 10 s of its work after the signal, the 10 s that a shutdown may take, and as many again.
        expect(terminationGracePeriodSeconds).toBe(30)
        expect(topologySpreadConstraints[0].maxSkew).toBe(1)
        const [{ readinessProbe, livenessProbe, resources, env }] = containers
        expect(readinessProbe).toMatchObject({ periodSeconds: 2, timeoutSeconds: 2 })
        expect(livenessProbe).toMatchObject({ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 })
        expect(resources).toMatchObject({ requests, limits })
        expect(env).toContainEqual({ name: 'EMAILAUTH_DRAIN_SECONDS', value: '10' })
        expect(volumes[0].emptyDir.sizeLimit).toBe('16Mi')
      }
      for (const { spec } of of('HorizontalPodAutoscaler')) {
        expect([spec.minReplicas, spec.maxReplicas]).toEqual([2, 10])
        expect(spec.metrics[0].resource.target.averageUtilization).toBe(70)
      }
      for (const { spec } of of('PodDisruptionBudget')) expect(spec.maxUnavailable).toBe(1)
    },
  )

  test('a mode that is none is refused in a sentence', async () => {
    await expect(render({ mode: 'single' })).rejects.toThrow('mode must be separate or serve, and is single')
  })

  test('a wrong field is found', async () => {
    const [deployment] = (await render({})).filter(({ kind }) => kind === 'Deployment')
    const wrong = { ...deployment, spec: { ...deployment?.spec, replicas: 'two' } } as Manifest
    expect(await faultsOf(wrong)).toContain('replicas')
  })
})
