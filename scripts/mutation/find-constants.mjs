import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/setup.mjs'

const isSource = (file) =>
  /^(apps|packages)\/[^/]+\/src\/.*\.(ts|js|lua)$/.test(file) &&
  !/\.test\.ts$|\/generated\/|^apps\/(admin|graphiql)\/|^packages\/(testing|design)\//.test(file)

const OF_TYPESCRIPT = /^(\s*(?:export )?const ([A-Z][A-Z0-9_]*)(?:: number)? = )([^\n]+)$/gm
const OF_LUA = /^(local ([A-Z][A-Z0-9_]*) = )([^\n]+)$/gm

/** Numbers, names of other constants and arithmetic: nothing else may stand in a constant's expression. */
const isNumeric = (expression) =>
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
  }
  return found
}

/** `.max(1000)` of a shape or a setting. */
const OF_SHAPES = /(?<!Math)\.(max|min|length|default)\(([^()\n,]+)[,)]/g
/** `(timeoutMs = 5000)`, alone on its line or not. */
const OF_PARAMETERS = /(?<=[(,{]\s*)([a-z]\w*)(?:: number)? = ([\d_]+)(?=[,)}\s])/g
/** The property or constant that a line begins with. */
const OWNERS = /^\s*(?:export )?(?:const )?([a-zA-Z]\w*)(?: =|:)/gm

/**
 * Numbers without a name of their own: bounds and defaults of shapes and settings, default values of
 * parameters. Each is called by what it belongs to, such as `registrations.ts#email.max`. A 0 is left out,
 * because ten times as much is the same.
 */
export function findBounds(files) {
  return files.filter((file) => isSource(file) && !file.endsWith('.lua')).flatMap(boundsOf)
}

function boundsOf(file) {
  const source = readFileSync(join(root, file), 'utf8')
  const owners = [...source.matchAll(OWNERS)]
  const ownerOf = (at) => owners.findLast(({ index }) => index <= at)?.[1] ?? ''
  const count = new Map()
  return [...source.matchAll(OF_SHAPES), ...source.matchAll(OF_PARAMETERS)]
    .filter(([, , expression]) => isNumeric(expression) && /\d/.test(expression) && !/^0$/.test(expression))
    .map(({ 0: whole, 1: word, 2: expression, index }) => {
      const name = whole.startsWith('.') ? `${ownerOf(index)}.${word}` : word
      const number = (count.get(name) ?? 0) + 1
      count.set(name, number)
      const at = index + whole.indexOf(expression, word.length)
      return {
        id: `${file}#${name}${number === 1 ? '' : `~${number}`}`,
        file,
        expression,
        mutate: (text) => `${text.slice(0, at)}(${expression}) * 10${text.slice(at + expression.length)}`,
      }
    })
}
