/** What stands in the editor at first. */
export const QUERY = `# The API of emailauth. Ctrl-Enter runs what stands here, Ctrl-Space completes.
#
# Put an API key into the headers below. While you develop, "apiKey" in .emailauth/credentials.json
# registers and verifies, and "adminKey" manages tenants. The whole schema: /schema.graphql

query WhoAmI {
  viewer {
    scope
    tenant {
      id
      name
    }
  }
}
`

/** The headers at first. They are not kept when the page is left. */
export const HEADERS = `{
  "Authorization": "Bearer <API key>"
}
`
