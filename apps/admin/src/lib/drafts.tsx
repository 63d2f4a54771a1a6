import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

/** What one admin has typed and not saved, by form. It outlives the page of the form, not a reload. */
const DraftsContext = createContext<Map<string, unknown>>(new Map())

/** Holds the drafts of one admin. While there are any, the browser asks before it closes the tab. */
export function Drafts({ children }: { children: ReactNode }) {
  const [drafts] = useState(() => new Map<string, unknown>())
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (drafts.size > 0) event.preventDefault()
    }
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [drafts])
  return <DraftsContext value={drafts}>{children}</DraftsContext>
}

/** What a form was left with. The form must give the same type each time. */
export function useKeptDraft<Draft>(form: string): Draft | undefined {
  const drafts = useContext(DraftsContext)
  const [kept] = useState(() => drafts.get(form) as Draft | undefined)
  return kept
}

/** Keeps what a form has that is not saved. Undefined: nothing. */
export function useKeepDraft<Draft>(form: string, draft: Draft | undefined): void {
  const drafts = useContext(DraftsContext)
  useEffect(() => {
    if (draft === undefined) drafts.delete(form)
    else drafts.set(form, draft)
  })
}
