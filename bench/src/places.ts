// This file lies one folder below bench/, as source and when it is built.

/** The repository, with a slash at the end. */
export const REPOSITORY = new URL('../../', import.meta.url)

/** The built programs of the bench, with a slash at the end. */
export const PROGRAMS = new URL('.', import.meta.url)
