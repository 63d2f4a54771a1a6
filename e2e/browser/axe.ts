import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { RunOptions } from 'axe-core'

declare global {
  /** On pages into which it was put. */
  var axe: typeof import('axe-core') | undefined
}

/** Half as long as what the package's own entry has, and it has to be sent into each page. */
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
let source: Promise<string> | undefined

interface Selection {
  include?: string[]
  exclude: string[]
}

export interface Look {
  /** A selector of the part that is looked at; else the whole page. */
  readonly inside?: string
  /** The rules that count; else all. */
  readonly only?: { readonly tags: string[] } | { readonly rules: string[] }
  readonly without?: readonly string[]
}

/**
 * What axe finds wrong on a page, not in its frames: the rule and the elements of each fault. It is put into
 * a page once: its builder for Playwright sends a larger one, twice for each look.
 */
export async function faultsOn(page: Page, { inside, only, without = [] }: Look = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    source ??= readFile(AXE, 'utf8')
    await page.evaluate(await source)
  }
  const context: Selection = { exclude: ['iframe'], ...(inside !== undefined && { include: [inside] }) }
  const options: RunOptions = {
    resultTypes: ['violations'],
    iframes: false,
    // The element itself says more than a selector of it, which takes long to find.
    selectors: false,
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    ...(only && {
      runOnly: 'tags' in only ? { type: 'tag', values: only.tags } : { type: 'rule', values: only.rules },
    }),
  }
  return page.evaluate(
    async ([context, options]) => {
      if (globalThis.axe === undefined) throw new Error('axe is not on this page.')
      const { violations } = await globalThis.axe.run(context, options)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    },
    [context, options] as const,
  )
}
