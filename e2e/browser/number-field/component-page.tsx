import { NumberField, type NumberFieldProblem } from '@emailauth/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { probe, query, resend } from './page.ts'

function Page() {
  const [problem, setProblem] = useState<NumberFieldProblem | null>(null)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        probe.sent.push(String(new FormData(event.currentTarget).get('number')))
        setProblem({ code: 'WRONG_CREDENTIALS' })
      }}
    >
      <NumberField
        digits={Number(query.get('digits')) || undefined}
        locale={query.get('lang') ?? undefined}
        problem={problem}
        onNumber={(number) => {
          probe.number = number
        }}
        onComplete={(number) => probe.completed.push(number)}
        onResend={resend}
      />
      <button type="submit">Continue</button>
    </form>
  )
}

const root = document.querySelector('main div')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
}
