import { i18n } from '../../../lib/i18n/i18n.ts'
import { en } from './en.ts'
import { es } from './es.ts'

// Import it for its side effect: these texts load with their page, not with the first one.
i18n.addResourceBundle('en', 'versions', en)
i18n.addResourceBundle('es', 'versions', es)
