import { previewTestReply } from '@emailauth/contracts/previews'
import { createUnionType, Field, ObjectType } from 'type-graphql'
import { contractEnum } from '../graphql/contract-enum.ts'
import type { Named, ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import { RateLimited } from '../graphql/outcomes/problem.types.ts'

@ObjectType('MailPreview', {
  simpleResolvers: true,
  description: 'A mail as a person would get it, with a sample number that is nobody’s.',
})
export class MailPreview {
  @Field(() => String, { description: 'The subject, as the person would read it.' })
  subject!: string

  @Field(() => String, {
    description: 'The HTML part. Show it in a frame of its own that may run no scripts.',
  })
  html!: string

  @Field(() => String, { description: 'The plain text part, for readers that show no HTML.' })
  text!: string
}

/** How a test mail ended, by its GraphQL names. */
const TestMailOutcomes = contractEnum(previewTestReply.shape.outcome.options, {
  name: 'TestMailOutcome',
  description: 'How a test mail ended.',
  values: {
    sent: 'The SMTP server has accepted it.',
    rejected: 'The SMTP server refused it for good.',
    deferred: 'It failed for a reason that may pass. A test mail is not tried again.',
  },
})

@ObjectType('TestMail', { simpleResolvers: true, description: 'A test mail was handed to an SMTP server.' })
class TestMail {
  @Field(() => TestMailOutcomes, { description: 'Whether the SMTP server took the mail.' })
  outcome!: (typeof TestMailOutcomes)[keyof typeof TestMailOutcomes]

  @Field(() => String, { description: 'What the SMTP server said, or why it could not be asked.' })
  reply!: string
}

/** What `sendTestMail` can answer. */
export type TestMailAnswer = Named<'TestMail', TestMail> | ProblemOutcomes['RateLimited']

export const TestMailResult = createUnionType({
  name: 'TestMailResult',
  description: 'What `sendTestMail` answers.',
  types: () => [TestMail, RateLimited] as const,
})
