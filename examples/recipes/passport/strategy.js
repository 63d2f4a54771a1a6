import { InputError } from '@emailauth/client'
import { Strategy } from 'passport-strategy'

/**
 * `passport.authenticate('emailauth')` takes `number` of the form, for the identity that the session waits
 * for.
 */
export class EmailauthStrategy extends Strategy {
  name = 'emailauth'

  /**
   * @param {import('@emailauth/client').EmailauthClient} emailauth
   * @param {(email: string) => Promise<object>} find finds the user of an address, or makes one
   */
  constructor(emailauth, find) {
    super()
    // No private fields: for each request Passport makes an object that inherits from this one.
    this.emailauth = emailauth
    this.find = find
  }

  authenticate({ body = {}, session, ip }) {
    this.user(String(body.number), session.identityId, ip).then(
      (user) => (user === undefined ? this.fail('This code is not valid.', 401) : this.success(user)),
      (error) => this.error(error),
    )
  }

  async user(number, identityId, clientIp) {
    if (identityId === undefined) return undefined
    const answer = await this.emailauth.verify({ number, identityId, clientIp }).catch(mistyped)
    const isRight = answer.__typename === 'Verified' && answer.token === 'sign-in'
    return isRight ? this.find(answer.email) : undefined
  }
}

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
