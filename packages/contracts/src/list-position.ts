import { z } from 'zod'
import { moment } from './common.ts'

/**
 * Where a page of a list goes on: `createdAt` and id of the last item before it, with a space between. The
 * item itself may be gone.
 */
export function listPosition(id: z.ZodType<string>) {
  return z
    .string()
    .max(100)
    .refine((text) => {
      const [at = '', itemId = '', ...more] = text.split(' ')
      return moment.safeParse(at).success && id.safeParse(itemId).success && more.length === 0
    }, 'must be createdAt and id of an item')
    .describe('`createdAt` and id of the last one before, with a space between')
}

/** @param position as {@link listPosition} takes it. */
export function readListPosition(position: string): { readonly atMs: number; readonly id: string } {
  const [at = '', id = ''] = position.split(' ')
  return { atMs: Date.parse(at), id }
}
