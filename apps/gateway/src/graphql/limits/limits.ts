import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
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
  guardedFields: `An operation may have one of these fields, once: ${[...GUARDED].join(', ')}.`,
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
      const size = measureSelection(selection)
      total.depth = Math.max(total.depth, size.depth)
      total.aliases += size.aliases
      total.rootFields += size.rootFields
      total.guardedFields += size.guardedFields
    }
    return total
  }

  function measureSelection(selection: SelectionNode): Readonly<Size> {
    if (selection.kind === Kind.FIELD) return measureField(selection)
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet)
    return measureFragment(selection.name.value)
  }

  function measureField({ name, alias, selectionSet }: FieldNode): Size {
    // The schema's own description is deep by nature; graphql-js has a rule of its own for it.
    const isMeta = name.value.startsWith('__')
    const below = selectionSet === undefined || isMeta ? NOTHING : measure(selectionSet)
    return {
      depth: 1 + below.depth,
      aliases: below.aliases + (alias === undefined ? 0 : 1),
      rootFields: 1,
      guardedFields: GUARDED.has(name.value) ? 1 : 0,
    }
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
