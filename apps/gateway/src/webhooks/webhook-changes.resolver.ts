import { OVERLAP_RULE } from '@emailauth/contracts/overlap'
import { URL_HOST_RULE } from '@emailauth/contracts/url-host'
import {
  type WebhookWithSecret,
  webhookCreateRequest,
  webhookRotateRequest,
  webhookUpdateRequest,
} from '@emailauth/contracts/webhooks'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { checkInput, withoutNulls } from '../graphql/input.ts'
import type { WebhookContext } from './webhook.context.ts'
import { WebhookSecret } from './webhook.types.ts'
import { mayUseWebhook, webhookTenant } from './webhook-access.ts'
import {
  CreateWebhookEndpointInput,
  DeletedWebhookEndpoint,
  DeleteWebhookEndpointInput,
  RotatedWebhookSecret,
  RotateWebhookSecretInput,
  UpdatedWebhookEndpoint,
  UpdateWebhookEndpointInput,
} from './webhook-changes.types.ts'

const HELP = {
  url: `must be a URL of https with at most 2,048 characters, without user, password or fragment; it ${URL_HOST_RULE}.`,
  description: 'must be one line of 1 to 80 characters.',
  eventTypes: 'must be types of events of identities or of the tenant, not of what admins do.',
  overlapSeconds: OVERLAP_RULE,
  ifVersion: 'must be a version that the endpoint had.',
}

@Resolver()
export class WebhookChangesResolver {
  @Allow('ANY_KEY')
  @Mutation(() => WebhookSecret, {
    description:
      'Makes a webhook endpoint of a tenant, at most 20. It gets what happens from now on. This answer and a rotation are the only ones that carry its secret.',
  })
  async createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput, { description: 'The endpoint to make.' })
    { tenantId: asked, ...fields }: CreateWebhookEndpointInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<WebhookWithSecret> {
    const tenantId = webhookTenant(caller, asked)
    const request = checkInput(webhookCreateRequest, { ...fields, tenantId }, HELP)
    return services.persistence.createWebhook(request, actorOf(known(caller)))
  }

  @Allow('ANY_KEY')
  @Mutation(() => UpdatedWebhookEndpoint, {
    description: 'Changes a webhook endpoint.',
  })
  async updateWebhookEndpoint(
    @Arg('input', () => UpdateWebhookEndpointInput, {
      description: 'The endpoint, and what to change of it.',
    })
    { id, url, enabled, ifVersion, ...fields }: UpdateWebhookEndpointInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<UpdatedWebhookEndpoint> {
    const request = checkInput(
      webhookUpdateRequest,
      { ...fields, ...withoutNulls({ url, enabled, ifVersion }) },
      HELP,
    )
    if (!mayUseWebhook(caller, id)) return { endpoint: null }
    const endpoint = await services.persistence.updateWebhook(id, request, actorOf(known(caller)))
    return { endpoint: endpoint ?? null }
  }

  @Allow('ANY_KEY')
  @Mutation(() => DeletedWebhookEndpoint, {
    description: 'Deletes a webhook endpoint and what waits for it.',
  })
  async deleteWebhookEndpoint(
    @Arg('input', () => DeleteWebhookEndpointInput, { description: 'The endpoint to delete.' })
    { id }: DeleteWebhookEndpointInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<DeletedWebhookEndpoint> {
    if (!mayUseWebhook(caller, id)) return { deleted: false }
    return { deleted: await services.persistence.deleteWebhook(id, actorOf(known(caller))) }
  }

  @Allow('ANY_KEY')
  @Mutation(() => RotatedWebhookSecret, {
    description:
      'Gives a webhook endpoint a new secret. The one before signs beside it for a while, so that the receiver can change over.',
  })
  async rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, { description: 'Which endpoint, and for how long.' })
    { id, overlapSeconds }: RotateWebhookSecretInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<RotatedWebhookSecret> {
    const request = checkInput(webhookRotateRequest, { overlapSeconds }, HELP)
    const nothing = { endpoint: null, secret: null }
    if (!mayUseWebhook(caller, id)) return nothing
    const actor = actorOf(known(caller))
    return (await services.persistence.rotateWebhook(id, request.overlapSeconds, actor)) ?? nothing
  }
}
