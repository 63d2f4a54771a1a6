import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'

/** How large one operation may be. Fragments count wherever they are spread. */
export const LIMITS = {
  /** Tokens in a document, for the parser. */
  tokens: 1000,
  depth: 8,
  aliases: 15,
  rootFields: 20,
  /** `register`, `verify`, `resend`, `exchange` and the two steps of signing in together. */
  guardedFields: 1,
} as const

const GUARDED = new Set(['register', 'verify', 'resend', 'exchange', 'requestSignIn', 'signIn'])

/**
 * Size of a selection set with all fragments expanded. `rootFields` and `guardedFields` count its top level.
 */
interface Size {
  depth: number
  aliases: number
  rootFields: number
  guardedFields: number
}

const NOTHING: Readonly<Size> = { depth: 0, aliases: 0, rootFields: 0, guardedFields: 0 }

const COMPLAINTS: Readonly<Record<keyof Size, string>> = {
  depth: `An operation may be ${LIMITS.depth} fields deep.`,
  aliases: `An operation may have ${LIMITS.aliases} aliases.`,
  rootFields: `An operation may have ${LIMITS.rootFields} fields at its root.`,
  guardedFields: 'An operation may have one of the fields register, verify, resend and exchange, once.',
}

const MEASURES = ['depth', 'aliases', 'rootFields', 'guardedFields'] as const

/**
 * Validation rule that keeps operations within {@link LIMITS}. Each fragment is measured once, so the time
 * is linear in the document's length however fragments nest. Circular fragments are left to graphql-js's own
 * rule.
 */
export function limitsRule(context: ValidationContext): ASTVisitor {
  const measured = new Map<FragmentDefinitionNode, Readonly<Size>>()

  function measureFragment(name: string): Readonly<Size> {
    const fragment = context.getFragment(name)
    if (!fragment) return NOTHING
    const known = measured.get(fragment)
    if (known !== undefined) return known
    measured.set(fragment, NOTHING)
    const size = measure(fragment.selectionSet)
    measured.set(fragment, size)
    return size
  }

  function measure({ selections }: SelectionSetNode): Size {
    const total = { ...NOTHING }
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        // The schema's own description is deep by nature; graphql-js has a rule of its own for it.
        const isMeta = name.startsWith('__')
        const below =
          selection.selectionSet === undefined || isMeta ? NOTHING : measure(selection.selectionSet)
        total.depth = Math.max(total.depth, 1 + below.depth)
        total.aliases += below.aliases + (selection.alias === undefined ? 0 : 1)
        total.rootFields += 1
        total.guardedFields += GUARDED.has(name) ? 1 : 0
      } else {
        const spread =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value)
        total.depth = Math.max(total.depth, spread.depth)
        total.aliases += spread.aliases
        total.rootFields += spread.rootFields
        total.guardedFields += spread.guardedFields
      }
    }
    return total
  }

  return {
    OperationDefinition(operation) {
      if (!context.getSchema().getRootType(operation.operation)) {
        context.reportError(
          new GraphQLError(`There is no ${operation.operation} here.`, { nodes: [operation] }),
        )
      }
      const size = measure(operation.selectionSet)
      for (const what of MEASURES) {
        if (size[what] > LIMITS[what]) {
          context.reportError(new GraphQLError(COMPLAINTS[what], { nodes: [operation] }))
        }
      }
    },
  }
}
