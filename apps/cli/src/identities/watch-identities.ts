import { setTimeout as wait } from 'node:timers/promises'
import type { Identity, IdentityPage } from '@emailauth/client'
import { isPassing } from '../connection/passing.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { stopSignal } from '../stop-signal.ts'
import { printable } from '../terminal/output.ts'
import { widthOf } from '../terminal/wrap.ts'
import { type Change, changesBetween } from './changes.ts'
import { tableOfIdentities } from './identity-table.ts'

const EVERY_MS = 1000

/** Shows the list until Ctrl-C: redrawn in place on a terminal, else one line for each change. */
export async function watchIdentities(
  context: Context,
  read: () => Promise<IdentityPage>,
): Promise<ExitCode> {
  const { world, output } = context
  const signal = stopSignal()
  const show = world.stdout.isTTY && !output.json ? redraw(context) : logged(context)
  let seen: readonly Identity[] = []
  let away = false
  while (!signal.aborted) {
    try {
      const page = await read()
      await show(seen, page)
      seen = page.nodes
      away = false
    } catch (error) {
      if (!isPassing(error)) throw error
      if (!away) output.info(`${error.message} Trying again.`)
      away = true
    }
    await wait(EVERY_MS, undefined, { signal }).catch(() => {})
  }
  return EXIT.done
}

type Show = (before: readonly Identity[], page: IdentityPage) => Promise<void>

function redraw({ world, output }: Context): Show {
  let shownLines = 0
  // A terminal breaks what is too long for a line, such as an id.
  const heightOf = (text: string) =>
    text
      .split('\n')
      .map((line) => Math.max(1, Math.ceil(widthOf(line) / (output.width ?? 80))))
      .reduce((sum, one) => sum + one, 0)
  return async (_before, { nodes, totalCount }) => {
    // A list longer than the screen would scroll and could not be drawn over.
    const room = Math.max(1, (world.stdout.rows || 24) - 4)
    let fitting = nodes.slice(0, room)
    let table = await tableOfIdentities(fitting, output, Date.now())
    for (let height = heightOf(table); height > room && fitting.length > 1; height = heightOf(table)) {
      fitting = fitting.slice(0, Math.max(1, Math.floor((fitting.length * room) / height)))
      table = await tableOfIdentities(fitting, output, Date.now())
    }
    const foot = output.colors.dim(`${totalCount} waiting · Ctrl-C ends`)
    const text = `${nodes.length === 0 ? '' : `${table}\n`}${foot}\n`
    world.stdout.write(`${shownLines === 0 ? '' : `\u001b[${shownLines}A\u001b[0J`}${text}`)
    shownLines = heightOf(text.trimEnd())
  }
}

function logged({ output }: Context): Show {
  return async (before, { nodes }) => {
    for (const change of changesBetween(before, nodes)) output.data(change, () => lineOf(change))
  }
}

function lineOf({ change, identity }: Change): string {
  const what = { added: '+', mail: '~', gone: '-' }[change]
  return `${what} ${identity.id} ${printable(identity.email)} ${identity.delivery.state.toLowerCase()}`
}
