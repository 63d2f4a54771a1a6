import { expect, test } from 'vitest'
import { isRunByNpx } from './end-with-npx.ts'

test.each(['emailauth', "'emailauth'", '"emailauth"', 'emailauth listen --forward-to http://localhost'])(
  'npx runs %s, so it ends with npx',
  (npm_lifecycle_script) => {
    expect(isRunByNpx({ npm_command: 'exec', npm_lifecycle_script })).toBe(true)
    expect(isRunByNpx({ npm_command: 'run-script', npm_lifecycle_script })).toBe(false)
  },
)

test.each(['another-tool', "'emailauth-setup'", 'sh -c emailauth', undefined])(
  'npx runs %s, which may leave a command in the background',
  (npm_lifecycle_script) => {
    expect(isRunByNpx({ npm_command: 'exec', npm_lifecycle_script })).toBe(false)
  },
)
