import { z } from 'zod'
import { DELIVERY_REASONS } from './delivery-reasons.ts'

/** Why a mail was deferred, came back or was refused. */
export const deliveryReason = z.enum(DELIVERY_REASONS)
export type DeliveryReason = z.infer<typeof deliveryReason>
