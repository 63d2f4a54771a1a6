// The workspace is pnpm's. npm would end in EUNSUPPORTEDPROTOCOL, yarn in another riddle, so both are told what to type instead.
const agent = process.env.npm_config_user_agent ?? ''
if (agent !== '' && !agent.startsWith('pnpm/')) {
  process.stderr.write(
    '\nThis repository installs itself: type "npm start" to run it, or "npm test" to test it.\n\n',
  )
  process.exit(1)
}
