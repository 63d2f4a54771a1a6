import { createColors } from 'picocolors'
import { expect, test } from 'vitest'
import { layOutFinding } from './layout.ts'

const colors = createColors(false)
const finding = {
  name: 'DKIM s1',
  state: 'fail',
  detail: 's1._domainkey.acme.example publishes another key than the one that signs, so no signature counts',
  fix: `Publish at s1._domainkey.acme.example the TXT record: v=DKIM1; k=rsa; p=${'A'.repeat(390)}`,
} as const

test.each([40, 80])(
  'in %i columns no line is longer unless one word is, and nothing is left out',
  (width) => {
    const text = layOutFinding(finding, colors, width)
    for (const line of text.split('\n').filter((one) => one.length > width))
      expect(line.trim()).toBe(`p=${'A'.repeat(390)}`)
    const bare = text.replace(/[\s→]/g, '')
    expect(bare).toBe(`fail${finding.name}${finding.detail}${finding.fix}`.replace(/\s/g, ''))
  },
)

test('without a terminal a finding is a line, and its fix another', () => {
  const [first, second, ...more] = layOutFinding(finding, colors, undefined).split('\n')
  expect(first).toBe(`fail  DKIM s1            ${finding.detail}`)
  expect(second).toBe(`                         → ${finding.fix}`)
  expect(more).toEqual([])
})

test('below 60 columns the detail stands below the name', () => {
  const node = { name: 'Node', state: 'ok', detail: '20.19.0', fix: null } as const
  expect(layOutFinding(node, colors, 60)).toBe('ok    Node               20.19.0')
  expect(layOutFinding(node, colors, 59)).toBe('ok    Node\n      20.19.0')
})
