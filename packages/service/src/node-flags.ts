/**
 * How Node should be started for a service that is under load.
 *
 * More room for short-lived garbage, of which a request leaves much: the collector runs less often. Measured: 12 % less CPU in the gateway for about
 * 60 MB more memory at most.
 *
 * No pretenuring: calls travel many together, so all objects of one kind may be alive when the collector runs, and V8 would take that as a sign that they
 * live long and put them where garbage is dear, for good. Measured: 14 % less CPU in the gateway for a verify.
 */
export const NODE_FLAGS = ['--max-semi-space-size=32', '--no-allocation-site-pretenuring'] as const
