import type { RedisConnection } from '../connection/connection.ts'
import clock from './clock.lua'
import { type ScriptLibrary, withIncludes } from './include.ts'
import { defineScript, type ScriptValue } from './script.ts'

type Named<Name extends string> = { readonly [Key in Name]: ScriptValue }

/** The arguments of one call by name. `each`: groups of the same names, one after another. */
export type RuleArguments<Name extends string, EachName extends string> = Named<Name> &
  ([EachName] extends [never] ? unknown : { readonly each: readonly Named<EachName>[] })

/**
 * A rule as a function. Its keys must be in one hash slot. `last` are arguments behind all others, which the
 * library of the script takes off before the rule runs.
 */
export type Rule<Arguments, Reply> = (
  redis: RedisConnection,
  keys: readonly string[],
  args: Arguments,
  ...last: ScriptValue[]
) => Promise<Reply>

export interface RuleOptions<Name extends string, EachName extends string, Raw, Reply> {
  /** The parts that the script may name by `--- @include`, besides `clock`. */
  readonly library?: ScriptLibrary
  /** The arguments of a call, in the order in which they are sent. */
  readonly args: readonly Name[]
  /** The arguments of each group behind them. */
  readonly each?: readonly EachName[]
  /** Turns the reply of Redis, in raw bytes, into that of the rule. What it throws is the call's error. */
  readonly decode: (reply: Raw) => Reply
}

/**
 * Makes a Lua script callable, with its arguments by name. The script writes `arg.name` for an argument. For
 * groups it writes `each.name`, the index in ARGV of that name in the first group, and `each.width`, how many
 * names a group has. Both are replaced before the script is sent, so a name costs nothing in Redis.
 * @throws {Error} at once, for a name that only the table or only the script has.
 */
export function defineRule<const Name extends string, Raw, Reply, const EachName extends string = never>(
  lua: string,
  { library = {}, args: names, each: eachNames = [], decode }: RuleOptions<Name, EachName, Raw, Reply>,
): Rule<RuleArguments<Name, EachName>, Reply> {
  const used = new Set(lua.match(/\b(?:arg|each)\.\w+/g))
  const unused = [...names.map((name) => `arg.${name}`), ...eachNames.map((name) => `each.${name}`)].find(
    (name) => !used.has(name),
  )
  if (unused !== undefined) throw new Error(`The rule does not use ${unused}: ${titleOf(lua)}`)
  const parts = withIncludes({ clock, ...library }, lua).map((part) => withIndexes(part, names, eachNames))
  const script = defineScript(parts, decode)
  return (redis, keys, args, ...last) => {
    const values: ScriptValue[] = []
    for (const name of names) values.push(args[name])
    if (eachNames.length > 0) {
      // A rule with names for each has `each` (the type of `args`), which TypeScript cannot see in here.
      for (const group of (args as { each: readonly Named<EachName>[] }).each)
        for (const name of eachNames) values.push(group[name])
    }
    for (const value of last) values.push(value)
    return script(redis, keys, values)
  }
}

/** Replaces the names of arguments by their indexes in ARGV. */
export function withIndexes(
  lua: string,
  names: readonly string[],
  eachNames: readonly string[] = [],
): string {
  // Most parts of a library. Found by text, because each start looks through all parts of all rules.
  if (!lua.includes('arg.') && !lua.includes('each.')) return lua
  const indexOf = (among: readonly string[], name: string) => {
    const index = among.indexOf(name)
    if (index < 0) throw new Error(`The rule has no argument ${name}: ${titleOf(lua)}`)
    return index + 1
  }
  return lua
    .replaceAll(/\barg\.(\w+)/g, (_, name: string) => `ARGV[${indexOf(names, name)}]`)
    .replaceAll(/\beach\.width\b/g, String(eachNames.length))
    .replaceAll(/\beach\.(\w+)/g, (_, name: string) => String(names.length + indexOf(eachNames, name)))
}

const titleOf = (lua: string) => /^-- (.*)$/m.exec(lua)?.[1] ?? ''
