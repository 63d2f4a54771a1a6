import { expect, test } from 'vitest'
import { wrapBeside, wrapCommand, wrapText } from './wrap.ts'

test('lines are broken between words and keep their indent; a longer word stays whole', () => {
  expect(wrapText('one two three four five six', 20)).toBe('one two three four\nfive six')
  expect(wrapText('  one two three four five', 20)).toBe('  one two three four\n  five')
  const url = 'https://emailauth.example.com/graphql'
  expect(wrapText(`Posting to ${url} now.`, 20)).toBe(`Posting to\n${url}\nnow.`)
  expect(wrapText('日本 日本 日本 日本 日本', 20)).toBe('日本 日本 日本 日本\n日本')
})

test('for a program nothing is broken, and what fits stays as it is', () => {
  const long = 'word '.repeat(100)
  expect(wrapText(long, undefined)).toBe(long)
  expect(wrapText('a    b', 20)).toBe('a    b')
})

test('a command can be copied: it has lines of its own that end in a backslash', () => {
  expect(wrapText('A key for it: emailauth keys create --tenant shop --name NAME', 40)).toBe(
    'A key for it:\n  emailauth keys create --tenant shop \\\n    --name NAME',
  )
  expect(wrapText('error: emailauth at http://127.0.0.1:9 cannot be reached.', 40)).not.toContain('\\')
})

test('an option stays with its value, quoted text is one word, and a comment comes first', () => {
  const command = 'emailauth tenants create shop --name "The shop of London"   # in Spanish'
  expect(wrapCommand(command, 40, 2)).toBe(
    ['  # in Spanish', '  emailauth tenants create shop \\', '    --name "The shop of London"'].join('\n'),
  )
  expect(wrapCommand('emailauth up                                # run it', 40, 2)).toBe(
    '  emailauth up  # run it',
  )
  expect(wrapCommand('a | jq -r "select(.type == \\"VERIFIED\\").identityId"', 30)).toBe(
    'a | jq -r \\\n  "select(.type == \\"VERIFIED\\").identityId"',
  )
})

test('text stands beside its label, or below it where a word would not fit', () => {
  expect(wrapBeside('NAME', 'The analytical shop of London', 26, 6)).toBe(
    'NAME  The analytical shop\n      of London',
  )
  expect(wrapBeside('ID', 'demo.ADddybECBFCILeAy', 24, 6)).toBe('ID\n  demo.ADddybECBFCILeAy')
})
