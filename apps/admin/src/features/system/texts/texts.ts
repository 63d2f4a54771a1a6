import { i18n } from '../../../lib/i18n/i18n.ts'
import { en } from './en.ts'
import { es } from './es.ts'

// Import it for its effect: these texts come with the page, not with the first load.
i18n.addResourceBundle('en', 'system', en)
i18n.addResourceBundle('es', 'system', es)
