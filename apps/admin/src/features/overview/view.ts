import { useSearchParams } from 'react-router'
import { RANGES, type RangeName } from './range.ts'

/** The period shown, kept in the URL. */
export function useRange() {
  const [params, setParams] = useSearchParams()
  const asked = params.get('range')
  const range: RangeName = asked === 'custom' ? 'custom' : (RANGES.find((name) => name === asked) ?? '24h')
  const change = (changes: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(changes)) next.set(name, value)
    setParams(next, { replace: true })
  }
  return { range, from: params.get('from') ?? '', to: params.get('to') ?? '', change }
}
