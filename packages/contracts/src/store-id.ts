/**
 * In replies of persistence to calls of their own: the id of its store in Redis. By it callers see that two
 * processes at one URL have different ones.
 */
export const STORE_ID_HEADER = 'x-store-id'
