import { useSearchParams } from 'react-router'

/** The open endpoint and the dialog for a new one, kept in the URL. */
export function useWebhookView() {
  const [params, setParams] = useSearchParams()
  const change = (name: string, value: string | undefined, replace = false) => {
    const next = new URLSearchParams(params)
    if (value === undefined) next.delete(name)
    else next.set(name, value)
    setParams(next, { replace })
  }
  return {
    open: params.get('open') ?? undefined,
    isNew: params.has('new'),
    /** The path of this page with an endpoint open. */
    openPath(id: string): { search: string } {
      const next = new URLSearchParams(params)
      next.set('open', id)
      next.delete('new')
      return { search: next.toString() }
    },
    close: () => change('open', undefined),
    startNew: () => change('new', '1'),
    endNew: () => change('new', undefined, true),
  }
}
