import { Counter, type Registry } from 'prom-client'

/** Counts what a call came to, and hands it on. */
export type CountOutcome = <Outcome extends { readonly __typename: string }>(
  operation: 'register' | 'resend' | 'verify' | 'exchange',
  outcome: Outcome,
) => Outcome

/** The funnel's counts: `emailauth_outcomes_total` by operation and by the name of the outcome. */
export function createOutcomeCounter(registry: Registry): CountOutcome {
  const counter = new Counter({
    name: 'emailauth_outcomes_total',
    help: 'What register, resend, verify and exchange came to, by the name of the outcome.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  })
  return (operation, outcome) => {
    counter.inc({ operation, outcome: outcome.__typename })
    return outcome
  }
}
