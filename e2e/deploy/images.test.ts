import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { FULL } from '@emailauth/testing/full-form'
import { expect, test } from 'vitest'
import { missingPrograms } from '../../scripts/images/programs.mjs'

const script = fileURLToPath(new URL('../../scripts/images.mjs', import.meta.url))
const missing = missingPrograms(true)
const why = missing.length === 0 ? '' : ` (not here: ${missing.join(', ')} missing)`

test.runIf(missing.length === 0)(
  `every ${FULL ? 'image' : 'service of one image'} starts as no root on a read-only root, and a number passes through them${why}`,
  { timeout: 480_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      script,
      '--prebuilt',
      ...(FULL ? [] : ['--one']),
    ])
    for (const image of ['persistence', 'mailer', 'gateway', 'all'])
      expect(stdout).toMatch(
        new RegExp(`^${image}: ready .* as user 65532:65532, read-only, health check passes$`, 'm'),
      )
    expect(stdout).toContain('A number was registered, mailed and verified')
  },
)
