// Runs after `changeset version`: writes the client's new version into its source, for `user-agent`.
import { readFileSync, writeFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('packages/client/package.json', 'utf8'))
const file = 'packages/client/src/version.ts'
writeFileSync(file, readFileSync(file, 'utf8').replace(/'[^']*'$/m, `'${version}'`))
