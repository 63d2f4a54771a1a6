import { mailSettings } from '@emailauth/contracts/mail-settings'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { checkInput, checkTenantId } from '../graphql/input.ts'
import type { MessageContext } from './message.context.ts'
import { CheckedRelays, CheckRelayInput } from './relay-check.types.ts'

const HELP = {
  smtpUrl: 'must be one smtp:// or smtps:// URL with a host; ?starttls= may be required, offered or none.',
}

@Resolver()
export class RelayChecksResolver {
  @Allow('ADMIN')
  @Mutation(() => CheckedRelays, {
    description:
      "Connects to the SMTP server of a tenant's mails, or to those of the installation when it has none: greeting, TLS and sign-in, and no mail. Needs an admin key.",
  })
  async checkRelay(
    @Arg('input', () => CheckRelayInput, {
      description: 'The tenant, and an SMTP URL to try instead of its own.',
    })
    { tenantId, smtpUrl }: CheckRelayInput,
    @Ctx() { caller, services }: MessageContext,
  ): Promise<CheckedRelays> {
    checkTenantId('tenantId', tenantId)
    const typed = checkInput(mailSettings.pick({ smtpUrl: true }), { smtpUrl: smtpUrl ?? undefined }, HELP)
    const sender = await services.tenants.sender(tenantId)
    if (sender === undefined) return { relays: null }
    const { smtpUrl: plain, sealedSmtpUrl } = sender.mail ?? {}
    const saved = { ...(plain && { smtpUrl: plain }), ...(sealedSmtpUrl && { sealedSmtpUrl }) }
    await services.persistence.recordMailAct(
      { type: 'mail.tested', tenantId, target: tenantId },
      actorOf(known(caller)),
    )
    const mail = typed.smtpUrl === undefined ? saved : { smtpUrl: typed.smtpUrl }
    return { relays: await services.mailer.checkRelays({ tenantId, mail }) }
  }
}
