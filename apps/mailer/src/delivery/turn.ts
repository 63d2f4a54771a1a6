/** Waits until the network has brought all that it has in this turn of the event loop, so that what follows goes together. */
export function createTurn(): () => Promise<void> {
  let turn: Promise<void> | undefined
  return () => {
    turn ??= new Promise((over) =>
      setImmediate(() => {
        turn = undefined
        over()
      }),
    )
    return turn
  }
}
