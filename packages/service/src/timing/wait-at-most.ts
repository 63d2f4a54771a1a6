/** Waits for work, at most so many ms, which do not keep the process alive. Leaves no timer. */
export async function waitAtMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((over) => {
    timer = setTimeout(over, ms).unref()
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
