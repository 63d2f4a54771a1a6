/** Calls of a search in a row. Then somebody must ask for more, because each costs the services work. */
const SCANS_IN_A_ROW = 250

export interface ScanBudget {
  /** Takes one call. False: none is left. */
  take(): boolean
  renew(): void
}

export function createScanBudget(): ScanBudget {
  let left = SCANS_IN_A_ROW
  return {
    take: () => left-- > 0,
    renew() {
      left = SCANS_IN_A_ROW
    },
  }
}
