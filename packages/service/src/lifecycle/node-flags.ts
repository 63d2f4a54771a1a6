/**
 * Node's flags for a service.
 *
 * A larger young generation: a request leaves much short-lived garbage, so the collector runs less often.
 * Measured in the gateway: 12 % less CPU for at most about 60 MB more memory.
 *
 * No pretenuring: calls travel in batches, so all objects of one kind may be alive when the collector runs.
 * V8 then assumes a long life and allocates them in the old generation from then on. Measured in the
 * gateway: 14 % less CPU for a verify.
 */
export const NODE_FLAGS = ['--max-semi-space-size=32', '--no-allocation-site-pretenuring'] as const
