import { type ComponentType, lazy } from 'react'

type Module = { default: ComponentType }

/**
 * A page whose code comes when it is opened. React keeps a failed `lazy` for ever, so each try after a failure is a new one: a lost
 * connection must not cost the page until the next reload.
 */
export function lazyPage(load: () => Promise<Module>): ComponentType {
  let current = make()
  function make() {
    return lazy(() =>
      load().catch((error: unknown) => {
        current = make()
        throw error
      }),
    )
  }
  return function LazyPage() {
    const Page = current
    return <Page />
  }
}
