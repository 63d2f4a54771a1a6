/**
 * The keys of a record that is written out. TypeScript types them as `string`, because a value may have more
 * fields than its type names.
 */
export function keysOf<Fields extends object>(fields: Fields): readonly (keyof Fields & string)[] {
  const isKey = (name: string): name is keyof Fields & string => Object.hasOwn(fields, name)
  return Object.keys(fields).filter(isKey)
}

/** A record with a value for each key. `Object.fromEntries` forgets which keys it was given. */
export const recordOf = <Key extends string, Value>(keys: readonly Key[], make: (key: Key) => Value) =>
  Object.fromEntries(keys.map((key) => [key, make(key)])) as Readonly<Record<Key, Value>>
