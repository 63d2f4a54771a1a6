import type { GraphQLField, ValueNode } from 'graphql'
import { Kind } from 'graphql'
import { Extensions } from 'type-graphql'

/** Stands for a variable. Its value is not known before the operation runs. */
export const ANYTHING = Symbol('a variable')

/** An argument as the document has it: its value, {@link ANYTHING}, or undefined where it is absent. */
export type Given = unknown

/** How many records a field makes the services read, besides the objects that it answers with. */
export type Work = (given: (argument: string) => Given) => number

/** Declares, beside `@Allow`, what a query's work costs. A query without it causes next to none. */
export const Costs = (work: Work) => Extensions({ work })

/** As {@link Costs} says; undefined: no work worth counting. */
export function workOf({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): Work | undefined {
  return extensions.work as Work | undefined
}

/** true when an argument, or a field of it, may have a value. */
export function mayHave(value: Given, field?: string): boolean {
  if (value === ANYTHING) return true
  if (value === undefined || value === null) return false
  if (field === undefined) return true
  // Input objects as they are written in the document.
  return mayHave((value as Record<string, unknown>)[field])
}

/** Reads a value as the document has it. */
export function literalOf(node: ValueNode | undefined): Given {
  if (node === undefined) return undefined
  switch (node.kind) {
    case Kind.VARIABLE:
      return ANYTHING
    case Kind.NULL:
      return null
    case Kind.LIST:
      return node.values.map(literalOf)
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literalOf(value)]))
    default:
      return node.value
  }
}

/**
 * Cost of a page whose items are all looked at: a quarter of its length, as each is read and returned once.
 */
export function pageWork(first: Given, fallback: number, max: number): number {
  const length = first === ANYTHING ? max : Number(first ?? fallback)
  return Math.max(0, Number.isNaN(length) ? max : length) / 4
}
