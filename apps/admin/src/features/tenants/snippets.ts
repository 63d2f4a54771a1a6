/** Examples of using a new key, for the most common tools. */
export function snippetsFor(url: string, key: string): readonly (readonly [name: string, code: string])[] {
  return [
    [
      'curl',
      `curl ${url}/graphql \\
  -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"query":"mutation { register(input: { email: \\"ada@example.com\\", token: \\"hello\\" }) { __typename } }"}'`,
    ],
    [
      'CLI',
      `export EMAILAUTH_URL=${url}
export EMAILAUTH_API_KEY=${key}
npx emailauth register --email ada@example.com --token hello`,
    ],
    [
      'Node',
      `import { createClient } from '@emailauth/client'

const emailauth = createClient({ url: '${url}', apiKey: '${key}' })
await emailauth.register({ email: 'ada@example.com', token: 'hello' })`,
    ],
    [
      'Python',
      `import json, urllib.request

query = 'mutation { register(input: { email: "ada@example.com", token: "hello" }) { __typename } }'
request = urllib.request.Request(
    '${url}/graphql',
    json.dumps({'query': query}).encode(),
    {'authorization': 'Bearer ${key}', 'content-type': 'application/json'},
)
print(urllib.request.urlopen(request).read().decode())`,
    ],
  ]
}
