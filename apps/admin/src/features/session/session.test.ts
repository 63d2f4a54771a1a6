import { expect, test } from 'vitest'
import type { StoredText } from '../../lib/browser-storage.ts'
import { createSession } from './session.ts'

function memory(value?: string): StoredText & { value: string | undefined } {
  return {
    value,
    read() {
      return this.value
    },
    write(next) {
      this.value = next
    },
  }
}

test('a session outlives a reload and ends with sign-out', () => {
  const stored = memory()
  createSession(stored, memory()).signIn('ea_1')
  const session = createSession(stored, memory())
  expect(session.authorization()).toBe('Bearer ea_1')
  session.signOut()
  expect(session.read()).toEqual({ status: 'signed-out', ended: false })
  expect(stored.value).toBeUndefined()
})

test('a refusal ends the session, notifies listeners and forgets the key', () => {
  const stored = memory('ea_1')
  const session = createSession(stored, memory())
  let calls = 0
  session.subscribe(() => calls++)
  session.refuse('Bearer ea_1')
  session.refuse('Bearer ea_1')
  expect(session.read()).toEqual({ status: 'signed-out', ended: true })
  expect([calls, stored.value]).toEqual([1, undefined])
})

test('a late refusal of an earlier key leaves the new session alone', () => {
  const session = createSession(memory('ea_2'), memory())
  session.refuse('Bearer ea_1')
  session.refuse(undefined)
  expect(session.authorization()).toBe('Bearer ea_2')
})

test('a removed listener is not called', () => {
  const session = createSession(memory(), memory())
  let calls = 0
  session.subscribe(() => calls++)()
  session.signIn('ea_1')
  expect(calls).toBe(0)
})

test('by mail there is no header; the note of it outlives the tab and ends with the session', () => {
  const note = memory()
  createSession(memory(), note).signInByMail()
  const session = createSession(memory(), note)
  expect([session.read().status, session.authorization()]).toEqual(['signed-in', undefined])
  session.refuse('Bearer ea_1')
  expect(session.read().status).toBe('signed-in')
  session.refuse(undefined)
  expect(session.read()).toEqual({ status: 'signed-out', ended: true })
  expect(note.value).toBeUndefined()
})

test('signed out, a refusal changes nothing', () => {
  const session = createSession(memory(), memory())
  session.refuse(undefined)
  expect(session.read()).toEqual({ status: 'signed-out', ended: false })
})

test('a tab follows what another one does by mail, and keeps its own key', () => {
  const note = memory()
  const session = createSession(memory(), note)
  session.reread()
  expect(session.read()).toEqual({ status: 'signed-out', ended: false })
  note.value = 'yes'
  session.reread()
  expect(session.read()).toEqual({ status: 'signed-in', by: 'mail' })
  note.value = undefined
  session.reread()
  expect(session.read()).toEqual({ status: 'signed-out', ended: true })
  const byKey = createSession(memory('ea_1'), note)
  byKey.reread()
  expect(byKey.read()).toMatchObject({ by: 'key' })
})
