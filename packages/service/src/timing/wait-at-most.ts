/**
 * Waits for work, at most so many ms, which do not keep the process alive. Leaves no timer.
 * @returns its result; undefined when it takes longer. Then it goes on, and its fault is nobody's.
 */
export async function waitAtMost<Result>(
  ms: number,
  work: Promise<Result> | undefined,
): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((over) => {
    timer = setTimeout(over, ms, undefined).unref()
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
