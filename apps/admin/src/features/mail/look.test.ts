import { expect, test } from 'vitest'
import { lookChanges, lookOf } from './look.ts'

const MAIL = {
  colour: '#123456',
  logoUrl: null,
  linkTemplate: null,
  codeInSubject: null,
  texts: null,
} as never

test('only what was changed is sent, and an emptied field is taken away', () => {
  const before = lookOf(MAIL)
  expect(before).toEqual({ colour: '#123456', logoUrl: '', linkTemplate: '', codeInSubject: true })
  expect(lookChanges(before, before)).toEqual({})
  const after = { ...before, colour: ' ', logoUrl: ' https://a.example/l.png', codeInSubject: false }
  expect(lookChanges(before, after)).toEqual({
    colour: null,
    logoUrl: 'https://a.example/l.png',
    codeInSubject: false,
  })
})
