import { tenantId } from '@emailauth/contracts/common'
import { problem } from '@emailauth/contracts/problems'
import { tenantUpdateRequest, withDefaults } from '@emailauth/contracts/tenant-updates'
import {
  ADMIN_TENANT,
  DEFAULT_SETTINGS,
  type TenantSettingsPatch,
  tenant,
  tenantCreateRequest,
  tenantList,
  tenantListQuery,
  tenantSender,
} from '@emailauth/contracts/tenants'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOrSystem } from '../audit/actor-of.ts'
import type { Audit } from '../audit/audit.ts'
import { changedMeanwhile, staleAgainst } from '../store/stale-version.ts'
import type { SettingsRefusal } from './change-settings.ts'
import type { TenantStore } from './tenant-store.ts'
import { updateChanges } from './tenant-update-changes.ts'

interface TenantRoutesPort {
  readonly tenants: TenantStore
  readonly audit: Audit
  readonly lane: ReadLane
}

const route = routeWith<TenantRoutesPort>()

export function addTenantRoutes(app: ServiceApp, ports: TenantRoutesPort): void {
  addRoutes(app, ports, [createTenant, listTenants, readTenant, readSender, updateTenant, deleteTenant])
}

const createTenant = route({
  method: 'POST',
  url: '/v1/tenants',
  schema: {
    summary: 'Make a tenant',
    body: tenantCreateRequest,
    response: { 201: tenant, default: problem },
  },
  handler: async ({ tenants, audit }, request, reply) => {
    const { id } = request.body
    const exists = new ProblemError('conflict', 'A tenant with this id exists already.', { field: 'id' })
    // A refused request leaves no audit entry.
    if ((await tenants.get(id)) !== undefined) throw exists
    await audit.record({ type: 'tenant.created', actor: actorOrSystem(request), tenantId: id, target: id })
    await recordRisk(audit, request, id, {
      before: DEFAULT_SETTINGS.acceptedRisk,
      after: request.body.settings?.acceptedRisk,
    })
    await recordMail(audit, request, id, request.body.settings)
    const outcome = await tenants.create(request.body)
    if ('exists' in outcome) throw exists
    if ('refused' in outcome) throw refused(outcome)
    return reply.code(201).send(outcome.tenant)
  },
})

const listTenants = route({
  method: 'GET',
  url: '/v1/tenants',
  schema: {
    summary: 'Tenants by id, all or a page of them',
    querystring: tenantListQuery,
    response: { 200: tenantList, default: problem },
  },
  handler: ({ lane, tenants }, { query: { first, after } }) =>
    lane.run(async () =>
      first === undefined
        ? { tenants: await tenants.list(), hasNextPage: false }
        : tenants.page({ first, after }),
    ),
})

const readTenant = route({
  method: 'GET',
  url: '/v1/tenants/:id',
  schema: {
    summary: 'One tenant',
    params: z.object({ id: tenantId }),
    response: { 200: tenant, default: problem },
  },
  handler: async ({ tenants }, request) => {
    const found = await tenants.stored(request.params.id)
    if (found === undefined) throw unknown()
    return found
  },
})

const readSender = route({
  method: 'GET',
  url: '/v1/tenants/:id/sender',
  schema: {
    summary:
      'What the mailer needs for its mails; the only reply that carries the SMTP URL with its password',
    params: z.object({ id: tenantId }),
    response: { 200: tenantSender, default: problem },
  },
  handler: async ({ tenants }, request, reply) => {
    const found = await tenants.sender(request.params.id)
    if (found === undefined) throw unknown()
    reply.header('cache-control', 'no-store')
    return found
  },
})

const updateTenant = route({
  method: 'PATCH',
  url: '/v1/tenants/:id',
  schema: {
    summary: 'Change a tenant; what is absent stays as it is, and what is in `reset` gets its default',
    params: z.object({ id: tenantId }),
    body: tenantUpdateRequest,
    response: { 200: tenant, default: problem },
  },
  handler: async ({ tenants, audit }, request) => {
    const { id } = request.params
    if (id === ADMIN_TENANT) throw builtIn()
    const before = await tenants.stored(id)
    // The audit log has no change that is refused.
    if (before === undefined || before.status === 'deleting') throw unknown()
    const change = withDefaults(request.body)
    const stale = staleAgainst(before.settings.version, change.ifVersion)
    if (stale !== undefined) throw changedMeanwhile(stale)
    await audit.record({
      type: UPDATES[change.status ?? 'same'],
      actor: actorOrSystem(request),
      tenantId: id,
      target: id,
      changes: updateChanges(before, change),
    })
    await recordRisk(audit, request, id, {
      before: before.settings.acceptedRisk,
      after: change.settings?.acceptedRisk,
    })
    await recordMail(audit, request, id, change.settings)
    const outcome = await tenants.update(id, change)
    if ('unknown' in outcome) throw unknown()
    if ('builtIn' in outcome) throw builtIn()
    if ('refused' in outcome) throw refused(outcome)
    if ('stale' in outcome) throw changedMeanwhile(outcome)
    return outcome.tenant
  },
})

const deleteTenant = route({
  method: 'DELETE',
  url: '/v1/tenants/:id',
  schema: {
    summary: 'Delete a tenant: it ends at once, and everything of it is gone within seconds or minutes',
    params: z.object({ id: tenantId }),
    response: { 202: tenant, default: problem },
  },
  handler: async ({ tenants, audit }, request, reply) => {
    const { id } = request.params
    if (id === ADMIN_TENANT) throw builtIn()
    if ((await tenants.get(id)) === undefined) throw unknown()
    await audit.record({ type: 'tenant.deleted', actor: actorOrSystem(request), tenantId: id, target: id })
    const outcome = await tenants.remove(id)
    if ('unknown' in outcome) throw unknown()
    if ('builtIn' in outcome) throw builtIn()
    return reply.code(202).send(outcome.tenant)
  },
})

const UPDATES = { same: 'tenant.updated', active: 'tenant.enabled', disabled: 'tenant.disabled' } as const

const unknown = () => new ProblemError('not-found', 'There is no tenant with this id.', { field: 'id' })

const builtIn = () =>
  new ProblemError(
    'conflict',
    "Admins sign in with this tenant; it stays as it is. Its mails use the mailer's EMAILAUTH_SMTP_URL and EMAILAUTH_SMTP_FROM.",
    { field: 'id' },
  )

const refused = ({ refused: why, field }: SettingsRefusal) => new ProblemError('bad-input', why, { field })

/** Records a changed risk in an entry of its own, so that it can be found by its type. */
async function recordRisk(
  audit: Audit,
  request: FastifyRequest,
  tenantId: string,
  { before, after = before }: { readonly before: number; readonly after: number | undefined },
): Promise<void> {
  if (after === before) return
  const actor = actorOrSystem(request)
  const change = { field: 'settings.acceptedRisk', before: String(before), after: String(after) }
  await audit.record({ type: 'tenant.risk-changed', actor, tenantId, target: tenantId, changes: [change] })
}

/** Records changed mail settings in an entry of its own, because they decide where numbers are sent. */
async function recordMail(
  audit: Audit,
  request: FastifyRequest,
  tenantId: string,
  patch: TenantSettingsPatch = {},
): Promise<void> {
  if (Object.keys(patch.mail ?? {}).length === 0) return
  const actor = actorOrSystem(request)
  await audit.record({ type: 'tenant.mail-changed', actor, tenantId, target: tenantId })
}
