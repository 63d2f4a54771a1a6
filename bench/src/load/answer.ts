/** Child side of {@link Child.ask}: answers the parent's messages in order, and exits with the parent. */
export function answerParent(answer: (message: unknown) => unknown): void {
  process.on('message', async (message) => {
    process.send?.(await answer(message))
  })
  process.once('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole group; the parent ends its children in its own order.
  process.on('SIGINT', () => {})
}
