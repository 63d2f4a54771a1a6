import { PAGE_MAX } from '@emailauth/contracts/page-length'
import {
  type ArgumentNode,
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { literalOf, workOf } from './field-cost.ts'

/**
 * Upper bound of one operation: objects in the reply plus records read by the services. Counted before it
 * runs.
 */
export const MAX_COST = 2000
/** The assumed length of a list without pages. */
const LIST_ASSUMED = 10

/**
 * Validation rule: an operation may cost at most {@link MAX_COST}.
 * - An object field costs one for each of its parents.
 * - A list costs one for each item; `first` of the field above it gives their number.
 * - Scalars are free. A field that causes work declares it (field-cost.ts).
 * Each fragment is counted once, so the time is linear in the document's length.
 */
export function costRule(context: ValidationContext): ASTVisitor {
  const schema = context.getSchema()
  const counted = new Map<FragmentDefinitionNode, Map<number, number>>()

  function costOf(
    { selections }: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    page: number,
  ): number {
    let cost = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += costOfField(selection, parent, page)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        const type = condition === undefined ? parent : schema.getType(condition)
        cost += costOf(selection.selectionSet, type, page)
      } else cost += costOfFragment(selection.name.value, page)
    }
    return cost
  }

  function costOfField(
    { name, arguments: args, selectionSet }: FieldNode,
    parent: GraphQLNamedType | undefined,
    page: number,
  ) {
    // The schema's own description is for tools, and off in production.
    if (name.value.startsWith('__') || !(isObjectType(parent) || isInterfaceType(parent))) return 0
    const field = parent.getFields()[name.value]
    if (field === undefined) return 0
    const work =
      workOf(field)?.((argument) => literalOf(args?.find((arg) => arg.name.value === argument)?.value)) ?? 0
    if (selectionSet === undefined || !isCompositeType(getNamedType(field.type))) return work
    const items = isList(field.type) ? page || LIST_ASSUMED : 1
    return work + items * (1 + costOf(selectionSet, getNamedType(field.type), pageOf(field, args)))
  }

  function costOfFragment(name: string, page: number): number {
    const fragment = context.getFragment(name)
    if (!fragment) return 0
    const byPage = counted.get(fragment) ?? new Map<number, number>()
    counted.set(fragment, byPage)
    const known = byPage.get(page)
    if (known !== undefined) return known
    // A circular fragment is left to graphql-js's own rule.
    byPage.set(page, 0)
    const cost = costOf(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), page)
    byPage.set(page, cost)
    return cost
  }

  return {
    OperationDefinition(operation) {
      const cost = costOf(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, 0)
      if (!(cost <= MAX_COST)) {
        const message = `An operation may cost ${MAX_COST}: objects by its "first" arguments, and records that filters and statistics read.`
        context.reportError(new GraphQLError(message, { nodes: [operation] }))
      }
    },
  }
}

/** The items of a page by the argument `first`. 0: the field takes none. */
function pageOf(field: GraphQLField<unknown, unknown>, args: readonly ArgumentNode[] | undefined): number {
  const takesFirst = field.args.find(({ name }) => name === 'first')
  if (takesFirst === undefined) return 0
  const first = args?.find(({ name }) => name.value === 'first')?.value
  if (first === undefined) return Number(takesFirst.defaultValue ?? PAGE_MAX)
  // A variable counts with the most that any field allows.
  return first.kind === Kind.INT ? Math.max(0, Number(first.value)) : PAGE_MAX
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
