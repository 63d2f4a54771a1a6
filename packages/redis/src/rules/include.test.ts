import { expect, test } from 'vitest'
import { withIncludes } from './include.ts'

const base = '-- Base.\nlocal one = 1'
const left = '-- Left.\n--- @include base\nlocal two = one + 1'
const right = '-- Right.\n--- @include base\nlocal three = one + 2'

test('parts come in the order in which one builds on another, each once', () => {
  const script = '-- Rule.\n--- @include right\n--- @include left\nreturn two + three'
  expect(withIncludes({ base, left, right }, script)).toEqual([base, right, left, script])
  expect(withIncludes({}, 'return 1')).toEqual(['return 1'])
})

test('a part that the library does not have is an error', () => {
  expect(() => withIncludes({ left }, '--- @include left')).toThrow('named base')
})
