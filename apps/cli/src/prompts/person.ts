import { Readable, Writable } from 'node:stream'
import type { Context } from '../context.ts'

/** The streams of a person who can be asked something. */
export interface Person {
  readonly input: Readable
  readonly output: Writable
}

/**
 * The person at the terminal. Undefined with `--no-input`, and where a program reads or writes. Questions go
 * to stderr, because stdout may be piped into a program.
 */
export function personAt({ world, globals }: Pick<Context, 'world' | 'globals'>): Person | undefined {
  const { stdin, stderr } = world
  if (globals.input === false || !stdin.isTTY || !stderr.isTTY) return undefined
  return stdin instanceof Readable && stderr instanceof Writable
    ? { input: stdin, output: stderr }
    : undefined
}
