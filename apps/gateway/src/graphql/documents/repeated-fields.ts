import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { LIMITS } from '../limits/limits.ts'

/**
 * What a whole document may have of fields whose answer has the same name as another one's beside them, and
 * of fragments that are spread. Documents that are put together of fragments have a few.
 */
export const MOST_REPEATED = { fields: 200, withSelection: 40, spreads: 100 } as const
/** Selections that are looked at: a document of 1,000 tokens has fewer, unless its fragments multiply. */
const MOST_STEPS = 5000

/**
 * What is wrong with a new document, or undefined. Ask before it is validated: graphql-js compares each two
 * fields of the same name and those below them, and each two fragments, so 250 times `viewer { scope }` took
 * it 86 ms.
 */
export function repetitionFault(query: string): string | undefined {
  const document = parsed(query)
  return document !== undefined && repeatsMany(document)
    ? `A document may repeat ${MOST_REPEATED.fields} fields, ${MOST_REPEATED.withSelection} of them with a selection, and spread ${MOST_REPEATED.spreads} fragments.`
    : undefined
}

/** graphql-js says itself what cannot be parsed, at little cost. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: LIMITS.tokens, noLocation: true })
  } catch (error) {
    if (error instanceof GraphQLError) return undefined
    throw error
  }
}

function repeatsMany({ definitions }: DocumentNode): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  const circular = circularFragments(fragments)
  const seen = new Set<string>()
  const found = { fields: 0, withSelection: 0, spreads: 0 }
  let steps = 0
  const isTooMuch = () =>
    steps > MOST_STEPS ||
    found.fields > MOST_REPEATED.fields ||
    found.withSelection > MOST_REPEATED.withSelection ||
    found.spreads > MOST_REPEATED.spreads

  /** One that goes round in a circle is looked at once. graphql-js then says where the circle is. */
  function wasSeen(name: string): boolean {
    if (!circular.has(name)) return false
    if (seen.has(name)) return true
    seen.add(name)
    return false
  }

  /** Sorts the fields of selections that make one object of the answer by their names in it. */
  function collect({ selections }: SelectionSetNode, together: Together): void {
    for (const selection of selections) {
      if (++steps > MOST_STEPS) return
      if (selection.kind === Kind.FIELD) collectField(selection, together)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, together)
      else collectFragment(selection.name.value, together)
    }
  }

  function collectField({ alias, name, selectionSet }: FieldNode, { byName }: Together): void {
    const key = alias?.value ?? name.value
    const others = byName.get(key)
    const below = selectionSet === undefined ? [] : [selectionSet]
    if (others !== undefined) {
      found.fields += 1
      found.withSelection += below.length
    }
    byName.set(key, [...(others ?? []), ...below])
  }

  function collectFragment(name: string, together: Together): void {
    const fragment = fragments.get(name)
    found.spreads += 1
    if (fragment === undefined || together.spread.has(name) || wasSeen(name)) return
    together.spread.add(name)
    collect(fragment.selectionSet, together)
  }

  /** However deep: the rule about depth refuses a document only after all its fields were compared. */
  function count(selectionSets: readonly SelectionSetNode[]): void {
    if (isTooMuch()) return
    const together: Together = { byName: new Map(), spread: new Set() }
    for (const selectionSet of selectionSets) collect(selectionSet, together)
    for (const below of together.byName.values()) if (below.length > 0) count(below)
  }

  for (const definition of definitions) if ('selectionSet' in definition) count([definition.selectionSet])
  return isTooMuch()
}

/** The names of fragments that spread themselves, if only by way of others. */
function circularFragments(fragments: ReadonlyMap<string, FragmentDefinitionNode>): ReadonlySet<string> {
  const spreadIn = new Map<string, Set<string>>()
  for (const [name, fragment] of fragments) {
    const names = new Set<string>()
    visit(fragment, { FragmentSpread: (node) => void names.add(node.name.value) })
    spreadIn.set(name, names)
  }
  const isCircular = (name: string) => {
    const reached = new Set(spreadIn.get(name))
    // A set yields what is added while it is read.
    for (const other of reached) for (const next of spreadIn.get(other) ?? []) reached.add(next)
    return reached.has(name)
  }
  return new Set([...fragments.keys()].filter(isCircular))
}

/** Selections that make one object of the answer: those below each name, and fragments that are in. */
interface Together {
  readonly byName: Map<string, readonly SelectionSetNode[]>
  readonly spread: Set<string>
}
