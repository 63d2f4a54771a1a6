import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of changes that meet. */
export const es = {
  title: 'Cambiado mientras tanto',
  somebody: 'Otra persona guardó un cambio desde que abriste este formulario.',
  system: 'El sistema',
  key: 'La clave de API {{id}}',
  saved: 'guardó un cambio',
  field: 'Campo',
  theirs: 'Guardado ahora',
  yours: 'Lo tuyo',
  empty: 'Vacío',
  untouched: 'Sin cambios',
  hint: 'Aún no se ha guardado nada tuyo. Solo los campos que has cambiado se guardan sobre los suyos.',
  close: 'Seguir editando',
  take: 'Descartar lo mío',
  keep: 'Guardar lo mío',
} satisfies Texts<typeof en>
