/**
 * As much of a browser as a recipe needs: it keeps cookies, and follows no redirects.
 *
 * @param {string} origin
 * @param {(request: Request) => Response | Promise<Response>} send
 */
export function createBrowser(origin, send) {
  const cookies = new Map()
  const setCookies = []

  async function visit(path, init) {
    const headers = new Headers(init.headers)
    if (!headers.has('origin')) headers.set('origin', origin)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const response = await send(new Request(origin + path, { ...init, headers, redirect: 'manual' }))
    for (const line of response.headers.getSetCookie()) {
      setCookies.push(line)
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0\b/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  return {
    /** Every `Set-Cookie` so far. */
    setCookies,
    get: (path) => visit(path, { method: 'GET' }),
    post: (path, fields, headers = {}) =>
      visit(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    postJson: (path, body, headers = {}) =>
      visit(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    /** One without its cookies. */
    another: () => createBrowser(origin, send),
  }
}
