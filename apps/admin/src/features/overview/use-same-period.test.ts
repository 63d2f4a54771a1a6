import { createElement, useState } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { type Period, periodOf } from './range.ts'
import { useSamePeriod } from './use-same-period.ts'

/** Renders again with each moment, and answers the period of each rendering. */
function renderAt(...momentsMs: readonly number[]): (Period | undefined)[] {
  const rendered: (Period | undefined)[] = []
  const Page = () => {
    const [at, setAt] = useState(0)
    const nowMs = momentsMs[at] ?? 0
    rendered.push(useSamePeriod(nowMs === 0 ? undefined : periodOf('1h', nowMs)))
    if (at + 1 < momentsMs.length) setAt(at + 1)
    return null
  }
  renderToStaticMarkup(createElement(Page))
  return rendered
}

test('within a step the period is the same object, and in the next one another', () => {
  const [first, second, third] = renderAt(60_000, 119_999, 120_000)
  expect(first).toEqual(periodOf('1h', 60_000))
  expect(second).toBe(first)
  expect(third).toEqual(periodOf('1h', 120_000))
})

test('what is no period is none', () => {
  expect(renderAt(0)).toEqual([undefined])
})
