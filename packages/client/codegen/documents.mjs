import { print, visit } from 'graphql'

/** Each operation with the fragments that it needs, as one line. */
export function plugin(_schema, files) {
  const definitions = files.flatMap(({ document }) => document.definitions)
  const fragments = new Map(
    definitions.filter(({ kind }) => kind === 'FragmentDefinition').map((each) => [each.name.value, each]),
  )
  const withFragments = (definition, seen = new Set()) => {
    visit(definition, {
      FragmentSpread({ name: { value } }) {
        if (seen.has(value)) return
        seen.add(value)
        withFragments(fragments.get(value), seen)
      },
    })
    return seen
  }
  return definitions
    .filter(({ kind }) => kind === 'OperationDefinition')
    .map((operation) => {
      const parts = [operation, ...[...withFragments(operation)].sort().map((name) => fragments.get(name))]
      const text = parts.map(print).join(' ').replace(/\s+/g, ' ')
      return `export const ${constantCase(operation.name.value)} =\n  '${text}'`
    })
    .join('\n')
}

function constantCase(name) {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
}
