// The whole round trip of an external server: node docs/examples/sign-in.mjs ada@example.com
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { createClient } from '@emailauth/client'

// Your own server reads these from its environment.
const { url, apiKey } = JSON.parse(readFileSync('.emailauth/credentials.json', 'utf8'))
const emailauth = createClient({ url, apiKey })

const [email = 'grace@example.com'] = process.argv.slice(2)
const registered = await emailauth.register({ email, token: `session of ${email}` })
if (registered.__typename !== 'Registered') {
  console.error(registered.message)
  process.exit(1)
}
console.log(`A number is on its way to ${registered.email}.`)

const terminal = createInterface({ input: process.stdin, output: process.stdout })
const number = await terminal.question('Number: ')
terminal.close()

const verified = await emailauth.verify({ number, identityId: registered.identityId })
console.log(verified.__typename === 'Verified' ? `Welcome: ${verified.token}` : verified.message)
