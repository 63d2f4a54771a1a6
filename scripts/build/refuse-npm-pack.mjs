// Runs before a package is packed or published. Only pnpm puts the entry points of `publishConfig` into the
// package; with those of the workspace it would name files that are not in it.
import process from 'node:process'

if (!/^pnpm\//.test(process.env.npm_config_user_agent ?? '')) {
  process.stderr.write(
    'Pack and publish this package with pnpm, for example `pnpm pack`: npm leaves out its entry points for CommonJS and its declarations.\n',
  )
  process.exit(1)
}
