import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/setup.mjs'

export const isSource = (file) =>
  /^(apps|packages)\/[^/]+\/src\/.*\.(tsx?|js|lua)$/.test(file) &&
  !/\.test\.ts$|\/generated\/|^apps\/graphiql\/|^packages\/(testing|design)\//.test(file)

const OF_TYPESCRIPT = /^(\s*(?:export )?const ([A-Z][A-Z0-9_]*)(?:: number)? = )([^\n]+)$/gm
const OF_LUA = /^(local ([A-Z][A-Z0-9_]*) = )([^\n]+)$/gm
/** `local FULL, WIDEST = 140, 65000`. */
const LISTS_OF_LUA = /^local ([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)+) = ([^\n]+)$/gm

/** Numbers, names of other constants and arithmetic: nothing else may stand in a constant's expression. */
export const isNumeric = (expression) =>
  /^[-+*/() .\w]+$/.test(expression) &&
  /\d|[A-Z]{3}/.test(expression) &&
  expression
    .replaceAll(/\b(0x[\da-f]+|\d[\d_]*(\.\d+)?(e\d+)?)\b/gi, '')
    .split(/[^\w.]+/)
    .every((word) => /^$|^[A-Z][A-Z0-9_]*$|^Math\.\w+$/.test(word))

/** The numeric constants in upper case of the services and packages, in TypeScript, JavaScript and Lua. */
export function findConstants(files) {
  const found = []
  for (const file of files.filter(isSource)) {
    const source = readFileSync(join(root, file), 'utf8')
    for (const [whole, head, name, expression] of source.matchAll(
      file.endsWith('.lua') ? OF_LUA : OF_TYPESCRIPT,
    )) {
      if (!isNumeric(expression)) continue
      found.push({
        id: `${file}#${name}`,
        file,
        expression,
        mutate: (text) => text.replace(whole, () => `${head}(${expression}) * 10`),
      })
    }
    if (file.endsWith('.lua')) found.push(...listedIn(file, source))
  }
  return found
}

function listedIn(file, source) {
  return [...source.matchAll(LISTS_OF_LUA)].flatMap(([whole, names, values]) =>
    names.split(', ').flatMap((name, at, all) => {
      const expressions = values.split(', ')
      const expression = expressions[at] ?? ''
      if (expressions.length !== all.length || !isNumeric(expression)) return []
      const changed = expressions.with(at, `(${expression}) * 10`).join(', ')
      const mutate = (text) => text.replace(whole, () => `local ${names} = ${changed}`)
      return [{ id: `${file}#${name}`, file, expression, mutate }]
    }),
  )
}
