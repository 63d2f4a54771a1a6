import { type ComponentType, lazy } from 'react'

type Module = { default: ComponentType }

/**
 * A page whose code loads when it is opened. React keeps a failed `lazy` for ever, so each retry makes a new
 * one. Otherwise a lost connection would break the page until a reload.
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
