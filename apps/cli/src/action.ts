import type { Context } from './context.ts'
import type { ExitCode } from './exit-codes.ts'

/** What a command does: given its context, arguments and options it answers its exit code, or throws. */
type Handler<Args extends readonly unknown[]> = (context: Context, ...args: Args) => Promise<ExitCode>

/** Turns a handler into commander's action. */
export type Action = <Args extends readonly unknown[]>(
  handler: Handler<Args>,
) => (...args: unknown[]) => Promise<void>
