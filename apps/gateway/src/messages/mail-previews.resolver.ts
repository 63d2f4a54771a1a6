import { EMAIL_MAX_LENGTH } from '@emailauth/contracts/common'
import { mailLocales } from '@emailauth/contracts/mail-locales'
import { type MailSettings, mailSettingsPatch } from '@emailauth/contracts/mail-settings'
import { digitsFor } from '@emailauth/contracts/number-policy'
import {
  type Preview,
  type PreviewRequest,
  type PreviewTestReply,
  previewRequest,
} from '@emailauth/contracts/previews'
import { DEFAULT_SETTINGS, type TenantSender } from '@emailauth/contracts/tenants'
import { URL_HOST_RULE } from '@emailauth/contracts/url-host'
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput, CALL_HELP, checkInput, checkTenantId } from '../graphql/input.ts'
import { answerOutcome } from '../graphql/outcomes/answer-outcome.ts'
import { outcomeOf } from '../graphql/outcomes/outcome.ts'
import { TenantMailInput } from '../tenants/tenant-mail.types.ts'
import { MailPreview, type TestMailAnswer, TestMailResult } from './mail-preview.types.ts'
import type { MessageContext, MessagePorts } from './message.context.ts'

const HELP = {
  email: CALL_HELP.email,
}
/** For faults within `unsaved`. */
const MAIL_HELP = {
  colour: 'must be six hex digits, such as #1a73e8.',
  logoUrl: `must be an https:// URL without credentials; it ${URL_HOST_RULE}.`,
  linkTemplate: `must be an https:// URL with {number} once, after "?" or "#"; it ${URL_HOST_RULE}.`,
  senderAddress: 'must be one address such as no-reply@example.com.',
  texts: 'must hold each language once, one line each, with no other braces than the placeholders.',
}
const TENANT = "The tenant's id."
const LOCALE = "Language of the mail. Default: the tenant's."

@Resolver()
export class MailPreviewsResolver {
  @Allow('ADMIN')
  @Query(() => MailPreview, {
    nullable: true,
    description:
      "A tenant's mail with a sample number. Its lifetime and its digits are those of the tenant's numbers, which get more digits while many are live. null when there is no tenant of this id. Needs an admin key.",
  })
  async mailPreview(
    @Arg('tenantId', () => ID, { description: TENANT }) tenantId: string,
    @Arg('locale', () => String, { nullable: true, description: LOCALE }) locale: string | null | undefined,
    @Arg('unsaved', () => TenantMailInput, {
      nullable: true,
      description:
        'Renders the mail as if these settings were saved: what is left out keeps its saved value, null removes it. Nothing is saved.',
    })
    unsaved: TenantMailInput | null | undefined,
    @Ctx() { services }: MessageContext,
  ): Promise<Preview | null> {
    const sender = await findSender(tenantId, services)
    if (sender === undefined) return null
    // A preview does not depend on the relay, so the relay's password is not sent.
    const { smtpUrl: _way, sealedSmtpUrl: _sealed, ...saved } = sender.mail ?? {}
    const mail = unsaved ? changed(saved, unsaved) : saved
    const sample = await sampleOf(tenantId, locale, services)
    return services.mailer.preview({ tenantName: sender.tenantName, mail, ...sample })
  }

  @Allow('ADMIN')
  @Mutation(() => TestMailResult, {
    nullable: true,
    description:
      'Sends that mail to an address by the way that the tenant’s mails go, and answers what the SMTP server said: 5 in 10 minutes to one address, 30 an hour for a tenant. null when there is no tenant of this id. Needs an admin key.',
  })
  async sendTestMail(
    @Arg('tenantId', () => ID, { description: TENANT }) tenantId: string,
    @Arg('email', () => String, { description: 'The address to which the test mail goes.' }) email: string,
    @Arg('locale', () => String, { nullable: true, description: LOCALE }) locale: string | null | undefined,
    @Ctx() context: MessageContext,
  ): Promise<TestMailAnswer | null> {
    const { caller, services } = context
    if (email.length > EMAIL_MAX_LENGTH) throw badInput('email', HELP)
    const sender = await findSender(tenantId, services)
    if (sender === undefined) return null
    const sample = await sampleOf(tenantId, locale, services)
    const act = { type: 'mail.tested', tenantId, target: tenantId, email } as const
    await services.persistence.recordMailAct(act, actorOf(known(caller)))
    const reply = await services.mailer.sendTestMail({ tenantId, email, ...sample, ...sender })
    if ('problem' in reply) return answerOutcome(context, outcomeOf(reply.problem, 'RateLimited'))
    return toTestMail(reply.body)
  }
}

/** The settings with a change that is not saved. It is checked as when it is saved. */
function changed(
  saved: MailSettings,
  { smtpUrl: _way, ...unsaved }: TenantMailInput,
): Omit<MailSettings, 'smtpUrl'> {
  const { smtpUrl: _never, ...change } = checkInput(mailSettingsPatch, unsaved, MAIL_HELP)
  const given = Object.entries(change).filter(([, value]) => value !== undefined)
  const merged = Object.entries({ ...saved, ...Object.fromEntries(given) })
  return Object.fromEntries(merged.filter(([, value]) => value !== null))
}

async function findSender(tenantId: string, { tenants }: MessagePorts): Promise<TenantSender | undefined> {
  checkTenantId('tenantId', tenantId)
  return tenants.sender(tenantId)
}

/** What a register without a locale of its own would mail: in the tenant's language, with such a number. */
async function sampleOf(
  tenantId: string,
  locale: string | null | undefined,
  { tenants }: MessagePorts,
): Promise<Pick<PreviewRequest, 'locale' | 'ttlSeconds' | 'digits'>> {
  const asked = checkInput(previewRequest.pick({ locale: true }), { locale: locale ?? null }, HELP).locale
  const { settings = DEFAULT_SETTINGS } = (await tenants.find(tenantId)) ?? {}
  return {
    locale: mailLocales(asked, settings.locale),
    ttlSeconds: settings.ttlSeconds,
    // The least length. Numbers get more digits while many are live.
    digits: digitsFor(settings, 0),
  }
}

function toTestMail({ outcome, reply }: PreviewTestReply): TestMailAnswer {
  return { __typename: 'TestMail', outcome, reply }
}
