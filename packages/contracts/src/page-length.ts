/** Longest page of a list, and its length where none is given. */
export const PAGE_MAX = 200
export const PAGE_DEFAULT = 50
