import type { DeliveryState, Identity } from '@emailauth/client'
import { type Output, printable } from '../terminal/output.ts'
import { ago, timeLeft } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'

const COLUMNS = [
  { title: 'EMAIL', shrinks: true },
  { title: 'MAIL' },
  { title: 'RELAY', shrinks: true },
  { title: 'CREATED' },
  { title: 'EXPIRES IN' },
  { title: 'ID' },
]

/** Identities as a table. The id begins with the tenant's, so the tenant needs no column. */
export function tableOfIdentities(
  identities: readonly Identity[],
  { width, colors }: Pick<Output, 'width' | 'colors'>,
  nowMs: number,
): Promise<string> {
  const paint: Record<DeliveryState, (text: string) => string> = {
    SENT: colors.green,
    QUEUED: colors.yellow,
    FAILED: colors.red,
  }
  const rows = identities.map(({ id, email, createdAt, expiresAt, delivery }) => [
    printable(email),
    paint[delivery.state](delivery.state.toLowerCase()),
    delivery.relay === null ? '-' : printable(delivery.relay),
    ago(createdAt, nowMs),
    timeLeft(expiresAt, nowMs),
    colors.dim(id),
  ])
  return layOut(COLUMNS, rows, { width, bold: colors.bold })
}
