import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/setup.mjs'
import { isNumeric, isSource } from './find-constants.mjs'

/** Each form has two groups: what the number is called, and the number. */
const FORMS = [
  // `.max(1000)` of a shape or a setting
  { form: /(?<!Math)(\.(?:max|min|length|default))\(([^()\n,]+)[,)]/g, hasOwner: true },
  // `(timeoutMs = 5000)`, alone on its line or not
  { form: /(?<=[(,{]\s*)([a-z]\w*)(?:: number)? = ([\d_]+)(?=[,)}\s])/g },
  // `{ everyMs: 1000, ttl: 24 * HOUR }`
  {
    form: /(?<=[{,]\s*|^\s+)([a-z]\w*): (\d[\d_]*(?: \* \w+)*)(?=,|\s*[\n}])/gm,
    hasOwner: true,
    isLoose: true,
  },
  // `wait(50)`, `wholeNumber(1, 3650)`, `Costs(() => 100)`
  {
    form: /\b(wait|wholeNumber|numberVariable|line|bound|Costs|randomBytes|randomBytesOf)\((?:[^()\n]*, |\(\w*\) => )?(\d[\d_]*)(?=[,)\s])/g,
    isLoose: true,
  },
  // `value ?? 60`
  { form: /\b(\w+)\)? (?:\?\?|\|\|) (\d[\d_]*)(?=[,)\s])/g, hasOwner: true, isLoose: true },
  // `5 * SECOND,` on a line of its own
  { form: /^ +()(\d+ \* [A-Z]+)(?=,$)/gm, hasOwner: true, isLoose: true },
]
/** `{1,400}` of a regular expression. */
const IN_PATTERNS = /\{\d*,(\d+)(?=\})/g
/** Codes, ports, units, bits of a byte, and how something looks: they bound nothing. */
const NO_BOUNDS = new RegExp(
  `^(${[
    'status|statusCode|code|port|family|gateway|persistence|mailer|inbox|smtp',
    '[smhdk]|minute|hour|day|place|providerId|relay|reply|oldest|newest',
    'light|dark|size|width|height|helpWidth|minWidthToWrap|rows|top|right|minTickGap|fontWeight|headingLevel',
  ].join('|')})$`,
)
/** Files whose numbers are all names for something. */
const CODES = /\/exit-codes\.ts$/
/** The property or constant that a line begins with. */
const OWNERS = /^\s*(?:export )?(?:const )?([a-zA-Z]\w*)(?: =|:)/gm
/** Comments and texts, in which a number bounds nothing. */
const TEXTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/gm

/**
 * Numbers without a constant of their own: bounds and defaults of shapes and settings, default values of
 * parameters, values in objects, repetitions in patterns, pauses and other arguments, fallbacks. Each is
 * called by what it belongs to, such as `registrations.ts#email.max`. A 0 is left out, because ten times as
 * much is the same. So is a 1 in the loose forms, where it counts or numbers something.
 */
export function findBounds(files) {
  return files
    .filter((file) => isSource(file) && !file.endsWith('.lua') && !CODES.test(file))
    .flatMap(boundsOf)
}

function boundsOf(file) {
  const source = readFileSync(join(root, file), 'utf8')
  const owners = [...source.matchAll(OWNERS)]
  const ownerOf = (at) => owners.findLast(({ index }) => index <= at)?.[1] ?? ''
  const texts = [...source.matchAll(TEXTS)].map(({ 0: text, index }) => [index, index + text.length])
  const isInText = (at) => texts.some(([from, to]) => at >= from && at < to)
  const count = new Map()
  const idOf = (name) => {
    const number = (count.get(name) ?? 0) + 1
    count.set(name, number)
    return `${file}#${name}${number === 1 ? '' : `~${number}`}`
  }

  const found = FORMS.flatMap(({ form, hasOwner = false, isLoose = false }) =>
    [...source.matchAll(form)]
      .filter(({ 1: word, 2: expression, index }) => {
        if (!isNumeric(expression) || !/\d/.test(expression) || expression === '0') return false
        if (NO_BOUNDS.test(word)) return false
        return !isLoose || !(expression === '1' || isInText(index))
      })
      .map(({ 0: whole, 1: word, 2: expression, index }) => {
        const at = index + whole.lastIndexOf(expression)
        const mutate = (text) =>
          `${text.slice(0, at)}(${expression}) * 10${text.slice(at + expression.length)}`
        return { id: idOf(hasOwner ? nameOf(ownerOf(index), word) : word), file, expression, mutate }
      }),
  )
  const inPatterns = [...source.matchAll(IN_PATTERNS)]
    .filter(({ index }) => !isInText(index))
    .map(({ 0: whole, 1: expression, index }) => {
      const end = index + whole.length
      const mutate = (text) => `${text.slice(0, end)}0${text.slice(end)}`
      return { id: idOf(`${ownerOf(index)}.pattern`), file, expression, mutate }
    })
  return [...found, ...inPatterns]
}

function nameOf(owner, word) {
  if (word.startsWith('.')) return `${owner}${word}`
  return owner === word || word === '' ? owner : `${owner}.${word}`
}
