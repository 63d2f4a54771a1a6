// Runs before the first paint, so that a dark page does not flash white. A classic script for that reason.
{
  const KEY = 'emailauth-inbox-color-scheme'
  const dark = matchMedia('(prefers-color-scheme: dark)')

  const chosen = () => {
    try {
      return localStorage.getItem(KEY) ?? 'auto'
    } catch {
      // A browser that keeps nothing for this page.
      return 'auto'
    }
  }
  let scheme = chosen()
  const apply = () => {
    const shown = scheme === 'light' || scheme === 'dark' ? scheme : dark.matches ? 'dark' : 'light'
    document.documentElement.dataset.mantineColorScheme = shown
    document.documentElement.dataset.chosenColorScheme = scheme
    dispatchEvent(new Event('color-scheme'))
  }
  dark.addEventListener('change', apply)
  addEventListener('choose-color-scheme', (event) => {
    scheme = String(/** @type {CustomEvent} */ (event).detail)
    try {
      localStorage.setItem(KEY, scheme)
    } catch {
      // The choice holds until the page is left.
    }
    apply()
  })
  apply()
}
