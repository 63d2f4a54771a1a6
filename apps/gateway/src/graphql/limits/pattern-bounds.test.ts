import 'reflect-metadata'
import { expect, test } from 'vitest'
import { createRelyingParty } from '../../auth/relying-party.ts'
import { checkPage } from '../../messages/page-arguments.ts'
import { withoutValues } from '../faults/error-message.ts'
import { readCursor } from '../lists/list-pages.ts'

// The longest text that a pattern takes, its length written out. One character more is refused.

const text = (length: number) => 'a'.repeat(length)
const passes = (act: (value: string) => unknown) => (value: string) => {
  try {
    return act(value) !== undefined
  } catch {
    return false
  }
}
const page = (after: string) => checkPage({ tenantId: 'demo', first: 1, after } as never)
const relyingParty = createRelyingParty(undefined)

test.each<[string, (value: string) => boolean, number, (length: number) => string]>([
  ['a cursor', passes(readCursor), 400, text],
  ['a cursor of messages', passes(page), 400, text],
  ['the port of the dashboard', passes(relyingParty), 5, (n) => `localhost:${'1'.repeat(n)}`],
])('%s has its bound', (_what, takes, most, make) => {
  expect([takes(make(most)), takes(make(most + 1))]).toEqual([true, false])
})

test('so much of a message of graphql-js is read as a reason or a path', () => {
  const of = (message: string) => withoutValues(`Variable "$input" got invalid value "x"${message}`)
  const at = (length: number) => of(` at "${text(length)}"; Expected type "Int" to be an object.`).message
  expect([at(200).includes(text(200)), at(201).includes('at "')]).toEqual([true, false])
  const reason = (name: number, kind: number) =>
    of(`; ${text(name)} cannot represent non-${text(kind)} value: "x"`).message
  expect(reason(80, 80)).toContain(`${text(80)} cannot represent non-${text(80)} value`)
  // A longer name is cut, and a longer kind is no reason.
  expect(reason(81, 80)).not.toContain(text(81))
  expect(reason(80, 90)).not.toContain('cannot represent')
  const listed = (length: number) =>
    withoutValues(`Value "x" does not exist in "Step" enum. Did you mean ${text(length)}?`, (name) =>
      name === 'Step' ? ['DAY'] : undefined,
    ).message
  expect([listed(500), listed(501)].map((message) => message.includes('DAY'))).toEqual([true, false])
})
