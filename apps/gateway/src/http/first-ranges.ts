/** More than any client sends: browsers name ten at most. */
export const MOST_RANGES = 50

/**
 * The first ranges of a header such as `Accept`. To weigh the thousands that 16 KiB have room for would cost
 * milliseconds for each request of a stranger.
 */
export const firstRanges = (header: string): string[] => header.split(',', MOST_RANGES)
