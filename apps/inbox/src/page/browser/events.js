const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5000

/**
 * Listens for changes of the inbox, and connects again whenever the connection is lost.
 * @param {{ onChange: () => void, onState: (isConnected: boolean) => void }} callbacks `onChange` also after each
 *   connection, because anything may have happened before it
 */
export function followEvents({ onChange, onState }) {
  let retryMs = FIRST_RETRY_MS
  const connect = () => {
    const socket = new WebSocket(`ws://${location.host}/api/events`)
    socket.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS
      onState(true)
      onChange()
    })
    socket.addEventListener('message', ({ data }) => {
      if (JSON.parse(data).Type !== 'stats') onChange()
    })
    socket.addEventListener('close', () => {
      onState(false)
      // An inbox that ends loses all pages at the same moment.
      setTimeout(connect, (retryMs / 2) * (1 + Math.random()))
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)
    })
  }
  connect()
}
