import { Field, InputType, ObjectType } from 'type-graphql'

@ObjectType('TenantMailText', {
  simpleResolvers: true,
  description: "A mail's texts in one language, in the tenant's own words; null where ours hold.",
})
export class TenantMailText {
  @Field(() => String, { description: 'Such as `es` or `zh-Hant`.' })
  language!: string

  @Field(() => String, { nullable: true, description: 'With `{code}` or without it, and `{tenant}`.' })
  subject?: string | undefined

  @Field(() => String, { nullable: true, description: 'Above the code; may hold `{tenant}`.' })
  heading?: string | undefined

  @Field(() => String, {
    nullable: true,
    description: 'What to do with the code; may hold `{tenant}` and `{valid}`.',
  })
  intro?: string | undefined

  @Field(() => String, { nullable: true, description: 'Below the rest; may hold `{tenant}`.' })
  footer?: string | undefined
}

@InputType('TenantMailTextInput', {
  description: "A mail's texts in one language, in the tenant's own words; what is left out is said in ours.",
})
export class TenantMailTextInput {
  @Field(() => String, {
    description: 'One of the languages that mails are written in, such as `es` or `zh-Hant`.',
  })
  language!: string

  @Field(() => String, {
    nullable: true,
    description:
      'At most 150 characters, with `{tenant}` and, once, `{code}`. Without `{code}` neither subject nor preview shows it.',
  })
  subject?: string

  @Field(() => String, { nullable: true, description: 'At most 150 characters, with `{tenant}`.' })
  heading?: string

  @Field(() => String, {
    nullable: true,
    description: 'At most 400 characters, with `{tenant}` and `{valid}`, which is such as `10 minutes`.',
  })
  intro?: string

  @Field(() => String, { nullable: true, description: 'At most 400 characters, with `{tenant}`.' })
  footer?: string
}

@ObjectType('TenantMailHeader', {
  simpleResolvers: true,
  description: 'A header of a tenant’s mails for its provider.',
})
export class TenantMailHeader {
  @Field(() => String, { description: 'The name of the header, such as `X-SES-CONFIGURATION-SET`.' })
  name!: string

  @Field(() => String, { description: 'The value of the header.' })
  value!: string
}

@InputType('TenantMailHeaderInput', {
  description: 'A header of a tenant’s mails for its provider.',
})
export class TenantMailHeaderInput {
  @Field(() => String, { description: 'Begins with `X-`, or is `Feedback-ID` or `IsTransactional`.' })
  name!: string

  @Field(() => String, { description: 'At most 900 printable ASCII characters.' })
  value!: string
}

@ObjectType('TenantMail', {
  simpleResolvers: true,
  description: "How a tenant's mails look and which way they go; null where the service's own way holds.",
})
export class TenantMail {
  @Field(() => String, { nullable: true, description: 'The name that mail programs show as the sender.' })
  senderName?: string | undefined

  @Field(() => String, { nullable: true, description: 'The address that the mails come from.' })
  senderAddress?: string | undefined

  @Field(() => String, {
    nullable: true,
    description: 'The address to which answers of people go (Reply-To).',
  })
  replyTo?: string | undefined

  @Field(() => String, { nullable: true, description: 'Accent, such as `#1a73e8`.' })
  colour?: string | undefined

  @Field(() => String, { nullable: true, description: 'Picture above the heading.' })
  logoUrl?: string | undefined

  @Field(() => String, { nullable: true, description: 'Page of the external server, with `{number}` in it.' })
  linkTemplate?: string | undefined

  @Field(() => [TenantMailText], { nullable: true, description: 'Texts in its own words, by language.' })
  texts?: TenantMailText[] | undefined

  @Field(() => Boolean, {
    nullable: true,
    description: 'False: neither subject nor preview show the code. Null is true.',
  })
  codeInSubject?: boolean | undefined

  @Field(() => [TenantMailHeader], { nullable: true, description: 'Headers for its provider.' })
  headers?: TenantMailHeader[] | undefined

  @Field(() => String, {
    nullable: true,
    description:
      'SMTP server of its own, such as `smtps://mail.example.com:465`: never with user and password.',
  })
  smtpServer?: string | undefined
}

@InputType('TenantMailInput', {
  description: 'What to change of mails: what is left out stays as it is, null removes a setting.',
})
export class TenantMailInput {
  @Field(() => String, {
    nullable: true,
    description: 'Shown as the sender: one line, at most 80 characters.',
  })
  senderName?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The address they come from; the SMTP server must accept it.',
  })
  senderAddress?: string | null

  @Field(() => String, { nullable: true, description: 'Where answers go: one address.' })
  replyTo?: string | null

  @Field(() => String, { nullable: true, description: 'Accent: six hex digits, such as `#1a73e8`.' })
  colour?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Picture above the heading: an `https://` URL; shown 40 pixels high.',
  })
  logoUrl?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Your page that the mail links to: an `https://` URL with `{number}` once, after `?` or, better, `#`. The page must ask before it verifies, because programs follow links too.',
  })
  linkTemplate?: string | null

  @Field(() => [TenantMailTextInput], {
    nullable: true,
    description: 'Texts in its own words, each language once; they replace all that were there.',
  })
  texts?: TenantMailTextInput[] | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'False keeps the code out of subject and preview, which lock screens and mail logs show.',
  })
  codeInSubject?: boolean | null

  @Field(() => [TenantMailHeaderInput], {
    nullable: true,
    description:
      'Headers for its provider: at most 10, each name once; they replace all that were there, and outweigh those of all mails.',
  })
  headers?: TenantMailHeaderInput[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'SMTP server of its own: `smtps://user:password@host:465`, or `smtp://…` with STARTTLS. It is kept sealed and cannot be read again. Give it as a variable.',
  })
  smtpUrl?: string | null
}
