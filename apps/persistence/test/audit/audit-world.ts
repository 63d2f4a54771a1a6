import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { openTestStore, type TestStore } from '../store.ts'

export const thief = { kind: 'api-key', id: 'a'.repeat(12) } as const
export const ada = { kind: 'admin', id: 'ada@example.com' } as const
export const act = (target: string, actor: typeof thief | typeof ada = ada) =>
  ({ type: 'tenant.updated', actor, tenantId: 'demo', target }) as const

/** A store with an empty audit log. */
export interface AuditWorld {
  readonly it: TestStore
  /** Records an act of an admin. */
  record(target: string): Promise<void>
  /** What the diagnostics say about the log; undefined: it is whole. */
  faultFinding(): Promise<Awaited<ReturnType<typeof diagnose>>[number] | undefined>
  /** The lanes of the log with at least one entry. */
  logs(): Promise<string[]>
  onlyLog(): Promise<string>
  entries(): Promise<[id: Buffer, fields: Buffer[]][]>
}

/** Opens it once for a file; the log is emptied before each test. */
export function auditWorldForTests(take: (world: AuditWorld) => void): void {
  let it: TestStore | undefined
  beforeAll(async () => {
    const store = await openTestStore('redis-server')
    it = store
    const logs = async () => (await store.redis.keys('ea:audit:*:log')).sort()
    const onlyLog = async () => {
      const [log = '', ...others] = await logs()
      expect(others).toEqual([])
      return log
    }
    take({
      it: store,
      record: async (target) => void (await store.store.audit.record(act(target))),
      faultFinding: async () => (await diagnose(store.store)).find(({ code }) => code === 'audit-altered'),
      logs,
      onlyLog,
      entries: async () => store.redis.xrangeBuffer(await onlyLog(), '-', '+'),
    })
  })
  beforeEach(async () => {
    const found = (await it?.redis.keys('ea:audit:*')) ?? []
    if (found.length > 0) await it?.redis.del(...found)
  })
  afterAll(() => it?.close())
}
