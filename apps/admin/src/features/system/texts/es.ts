import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of the system page. */
export const es = {
  title: 'Sistema',
  started: 'en marcha',
  services: 'Servicios',
  ready: 'Listo',
  down: 'No responde',
  findings: 'Lo que habría que cambiar',
  findingsUnknown: 'Ahora mismo no se puede saber.',
  fine: 'Nada: todo está como debe.',
  level: { WARN: 'Aviso', FAIL: 'Falla' },
  failed: 'No se ha podido preguntar al sistema',
} satisfies Texts<typeof en>
