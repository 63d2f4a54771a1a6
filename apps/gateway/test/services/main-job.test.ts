import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  RESEND,
  startWorld,
  VERIFY,
  type World,
} from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const register = async (email: string, more: object = {}) =>
  (await ask(world.app, world.key, REGISTER, { input: { email, token: 'a token', ...more } })).data.register
const verify = async (number: string, more: object = {}) =>
  (await ask(world.app, world.key, VERIFY, { input: { number, ...more } })).data.verify

test('register, mail, verify: the token comes back, once, and the number is in no answer', async () => {
  const email = freshAddress()
  const registered = await ask(world.app, world.key, REGISTER, {
    input: { email: ` ${email.toUpperCase()} `, token: 'tøken \u0000 "x"\r\n', locale: 'es' },
  })
  expect(registered.data.register).toMatchObject({
    __typename: 'Registered',
    delivery: 'SENT',
    replaced: false,
  })
  const number = numberMailedTo(world.smtp.mails, registered.data.register.email)
  expect(registered.text).not.toContain(number)

  const typed = `${number.slice(0, 4)} ${number.slice(4, 8)}-${number.slice(8)}`
  expect(await verify(typed)).toMatchObject({
    __typename: 'Verified',
    identityId: registered.data.register.identityId,
    email: registered.data.register.email,
    token: 'tøken \u0000 "x"\r\n',
  })
  expect(await verify(number)).toMatchObject({ __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS' })
})

test('of 50 verifies at once exactly one gets the token', async () => {
  const email = freshAddress()
  await register(email)
  const number = numberMailedTo(world.smtp.mails, email)
  const answers = await Promise.all(Array.from({ length: 50 }, () => verify(number)))
  const names = answers.map(({ __typename }) => __typename)
  expect(names.filter((name) => name === 'Verified')).toHaveLength(1)
  expect(names.filter((name) => name === 'WrongCredentials')).toHaveLength(49)
})

test('an idempotency key gets the same answer again, and no second mail', async () => {
  const email = freshAddress()
  const first = await register(email, { idempotencyKey: 'register-1' })
  const mails = world.smtp.mails.length
  expect(await register(email, { idempotencyKey: 'register-1' })).toEqual(first)
  expect(world.smtp.mails).toHaveLength(mails)

  const number = numberMailedTo(world.smtp.mails, email)
  const verified = await verify(number, { idempotencyKey: 'verify-1' })
  expect(verified.__typename).toBe('Verified')
  expect(await verify(number, { idempotencyKey: 'verify-1' })).toEqual(verified)
  expect(await register(email, { idempotencyKey: 'register-1' })).toMatchObject({ __typename: 'Registered' })
  expect(world.smtp.mails).toHaveLength(mails)
})

test('a number that another identity or address is named with stays valid', async () => {
  const email = freshAddress()
  const { identityId } = await register(email)
  const number = numberMailedTo(world.smtp.mails, email)
  expect(await verify(number, { email: freshAddress() })).toMatchObject({ __typename: 'WrongCredentials' })
  expect(await verify(number, { identityId: 'demo.nobody' })).toMatchObject({
    __typename: 'WrongCredentials',
  })
  expect(await verify(number, { email: email.toUpperCase(), identityId })).toMatchObject({
    __typename: 'Verified',
  })
})

test('a second mail to one address within 30 s is limited, and the first number stays valid', async () => {
  const email = freshAddress()
  const { identityId } = await register(email)
  const limited = { __typename: 'RateLimited', code: 'RATE_LIMITED', limit: 'EMAIL' }
  expect(await register(email)).toMatchObject(limited)
  const resent = await ask(world.app, world.key, RESEND, { id: identityId })
  expect(resent.data.resend).toMatchObject({ __typename: 'RateLimited' })
  expect(await verify(numberMailedTo(world.smtp.mails, email))).toMatchObject({ __typename: 'Verified' })
})

test('resend knows live identities of its own tenant only', async () => {
  const { identityId } = await register(freshAddress())
  const notFound = { __typename: 'IdentityNotFound', code: 'IDENTITY_NOT_FOUND' }
  for (const id of ['', 'nonsense', '../../etc', 'demo.AAAAAAAAAAAAAAAAAAAAAAA', 'x'.repeat(10_000)]) {
    expect((await ask(world.app, world.key, RESEND, { id })).data.resend).toMatchObject(notFound)
  }
  expect((await ask(world.app, world.otherKey, RESEND, { id: identityId })).data.resend).toMatchObject(
    notFound,
  )
})

test('a name of the answer may be chosen, and a field asked for in a fragment', async () => {
  const query = `mutation ($input: RegisterInput!) { mine: register(input: $input) { ...R } } fragment R on Registered { id: identityId }`
  const answer = await ask(world.app, world.key, query, { input: { email: freshAddress(), token: 't' } })
  expect(answer.data).toEqual({ mine: { id: expect.stringMatching(/^demo\./) } })
})

test('outcomes are counted by operation and name', async () => {
  await verify('000000000000')
  const { body } = await world.app.inject('/metrics')
  expect(body).toMatch(/emailauth_outcomes_total\{operation="register",outcome="Registered",.*\} [1-9]/)
  expect(body).toMatch(/emailauth_outcomes_total\{operation="verify",outcome="WrongCredentials",.*\} [1-9]/)
})

test('neither number nor token nor address stands in a log or metrics of any service', async () => {
  const email = freshAddress()
  const token = 'planted-token-7f3a'
  await register(email, { token })
  const number = numberMailedTo(world.smtp.mails, email)
  await verify(number)
  await ask(world.app, world.key, VERIFY, { input: { number: Number(number), email } })
  await ask(world.app, world.key, `mutation { verify(input: { number: ${number}, token: "${token}" }) }`)
  const metrics = (await world.app.inject('/metrics')).body
  const written = [metrics, world.log.join(''), world.persistence.output(), world.mailer.output()].join('')
  for (const secret of [email, token, number, world.key]) expect(written).not.toContain(secret)
})
