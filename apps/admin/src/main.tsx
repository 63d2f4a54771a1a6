import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { showColorSchemeEarly } from './app/color-scheme.ts'
import { startLanguage } from './lib/i18n/i18n.ts'

showColorSchemeEarly(document.documentElement)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
const app = (
  <StrictMode>
    <App />
  </StrictMode>
)
void startLanguage().then(() => createRoot(root).render(app))
