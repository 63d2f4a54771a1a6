/** What a Redis URL says that is not used. Its shape is that of `parseRedisUrl`, which accepts it. */
export function redisUrlWarnings(urls: string): readonly string[] {
  const options = 'Options after ? are not used. In user and password write ? as %3F.'
  if (/^rediss?\+sentinel:/.test(urls)) return /^[^/]*\/\/[^/]*\?/.test(urls) ? [options] : []
  const nodes = urls
    .split(',')
    .map((text) => text.trim())
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text))
  const [first, ...others] = nodes
  if (first === undefined) return []
  const sockets = nodes.filter(({ protocol }) => protocol === 'unix:')
  const isUnlike = ({ protocol, username, password }: URL) =>
    (protocol !== 'unix:' && protocol !== first.protocol) ||
    (username !== '' && username !== first.username) ||
    (password !== '' && password !== first.password)
  const found: readonly (readonly [boolean, string])[] = [
    [nodes.some(({ search }) => search !== ''), options],
    [
      sockets.some(({ host, username, password }) => host + username + password !== ''),
      'Of a unix:// URL only the path is used: unix:///run/redis.sock.',
    ],
    [
      sockets.length > 0 && others.length > 0,
      'A Cluster has no nodes at unix:// paths; 127.0.0.1:6379 is asked instead.',
    ],
    [
      others.some(isUnlike),
      'The first URL of a Cluster says whether TLS is spoken, and user and password, for all nodes; what others say of them is not used.',
    ],
    [
      others.length > 0 &&
        nodes.some(({ protocol, pathname }) => protocol !== 'unix:' && /[1-9]/.test(pathname)),
      'A Redis Cluster has no database but 0, which is used.',
    ],
  ]
  return found.flatMap(([isSo, sentence]) => (isSo ? [sentence] : []))
}
