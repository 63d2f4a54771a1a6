import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { clock } from '../../../lib/clock.ts'
import type { Row } from '../identity-list.ts'
import { useIsOver } from './use-is-over.ts'

const EXPIRES_AT = '2026-11-27T10:00:01.000Z'

const IsOver = () => String(useIsOver()({ identity: { expiresAt: EXPIRES_AT }, end: undefined } as Row))

test.each([
  ['2026-11-27T10:00:01.000Z', 'false'],
  ['2026-11-27T10:00:04.999Z', 'false'],
  ['2026-11-27T10:00:05.000Z', 'true'],
])('without an event a row has ended at the next full five seconds: at %s %s', (now, isOver) => {
  vi.spyOn(clock, 'lastTick').mockReturnValue(Date.parse(now))
  expect(renderToStaticMarkup(createElement(IsOver))).toBe(isOver)
})
