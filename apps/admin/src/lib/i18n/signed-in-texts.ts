import { enSignedIn } from './en-signed-in.ts'
import { i18n } from './i18n.ts'

// Import it for its side effect. Spanish texts come whole, so English alone is completed.
i18n.addResourceBundle('en', 'translation', enSignedIn, true, true)
