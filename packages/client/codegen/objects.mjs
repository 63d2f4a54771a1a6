import { isEnumType, isInterfaceType, isListType, isNonNullType, isObjectType } from 'graphql'

const SCALARS = {
  ID: 'string',
  String: 'string',
  DateTime: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
}

/**
 * Writes each fragment as an interface of the same name, with the schema's descriptions: the client's public
 * types. A spread of another fragment inside a field becomes a reference to its interface.
 */
export function plugin(schema, files) {
  const definitions = files.flatMap(({ document }) => document.definitions)
  const enums = new Set()
  const interfaces = definitions
    .filter(({ kind }) => kind === 'FragmentDefinition')
    .map(({ name, typeCondition, selectionSet }) => {
      const type = schema.getType(typeCondition.name.value)
      return `${describe(type.description)}export interface ${name.value} ${object(type, selectionSet)}\n`
    })

  function object(type, { selections }) {
    const [only] = selections
    if (selections.length === 1 && only.kind === 'FragmentSpread') return only.name.value
    return `{\n${selections.map((selection) => property(type, selection)).join('')}}`
  }

  function property(type, { name: { value: name }, selectionSet }) {
    if (name === '__typename') return `  readonly __typename: '${type.name}'\n`
    const field = type.getFields()[name]
    return `${describe(field.description, '  ')}  readonly ${name}: ${typed(field.type, selectionSet, type, name)}\n`
  }

  function typed(type, selectionSet, parent, field) {
    if (isNonNullType(type)) return present(type.ofType, selectionSet, parent, field)
    return `${present(type, selectionSet, parent, field)} | null`
  }

  function present(type, selectionSet, parent, field) {
    if (isListType(type)) return `readonly (${typed(type.ofType, selectionSet)})[]`
    if (isObjectType(type) || isInterfaceType(type)) return object(type, selectionSet)
    if (!isEnumType(type)) return SCALARS[type.name]
    // A problem's code follows from its type, so that either tells them apart.
    const constant = parent?.name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
    if (field === 'code' && type.getValue(constant)) return `'${constant}'`
    enums.add(type.name)
    return type.name
  }

  return [
    ...(enums.size > 0 ? [`import type { ${[...enums].sort().join(', ')} } from './operations.ts'\n`] : []),
    ...interfaces,
  ].join('\n')
}

function describe(description, indent = '') {
  return description ? `${indent}/** ${description.replace(/\s+/g, ' ')} */\n` : ''
}
