// Runs after `changeset version`: writes the new version into the source of the client, for `user-agent`, and
// into that of the services, which show it in `/healthz` and their metrics.
import { readFileSync, writeFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('packages/client/package.json', 'utf8'))
for (const file of ['packages/client/src/version.ts', 'packages/service/src/version.ts'])
  writeFileSync(file, readFileSync(file, 'utf8').replace(/'[^']*'$/m, `'${version}'`))
