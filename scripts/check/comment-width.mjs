// Lists comment lines longer than 110 columns and fails if there are any. Lines with links are exempt.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const MAX_COLUMNS = 110
const isComment = /^\s*(?:\/\/|\/\*|\*)/
const isLuaComment = /^\s*--/

const files = execFileSync('git', ['ls-files', '-z', '*.ts', '*.tsx', '*.mjs', '*.cjs', '*.lua', '*.css'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && !file.includes('/generated/'))

let count = 0
for (const file of files) {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    // A link cannot be broken.
    if (
      line.length <= MAX_COLUMNS ||
      !(file.endsWith('.lua') ? isLuaComment : isComment).test(line) ||
      line.includes('://')
    )
      continue
    count += 1
    process.stderr.write(`${file}:${index + 1} ${line.length} columns\n`)
  }
}
if (count > 0) {
  process.stderr.write(`${count} comment lines are longer than ${MAX_COLUMNS} columns.\n`)
  process.exit(1)
}
