import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of the overview. */
export const es = {
  title: 'Resumen',
  failed: 'No se han podido cargar las cifras',
  live: 'Identidades activas',
  now: 'ahora',
  conversion: 'Conversión',
  points: '{{points}} puntos',
  median: 'Mediana hasta verificar',
  p90: 'el 90 % en {{time}}',
  funnel: 'Del registro a la verificación',
  outcomes: 'Qué fue de los números',
  waits: 'Tiempo hasta verificar',
  from: 'Desde',
  time: 'Tiempo',
  upTo: '≤ {{time}}',
  moreThan: '> {{time}}',
  nothing: 'No se contó nada en este tiempo.',
  asTable: 'Mostrar como tabla',
  asChart: 'Mostrar como gráfico',
  range: {
    label: 'Tiempo',
    from: 'Desde (UTC)',
    to: 'Hasta (UTC)',
    choose: 'Elige el primer día y el último, 200 días como mucho.',
    names: {
      '1h': 'Última hora',
      '24h': 'Últimas 24 horas',
      '7d': 'Últimos 7 días',
      '30d': 'Últimos 30 días',
      custom: 'A medida',
    },
  },
  of: {
    REGISTERED: 'Registrados',
    SENT: 'Enviados',
    VERIFIED: 'Verificados',
    EXPIRED: 'Caducados',
    REVOKED: 'Revocados',
    DEFERRED: 'Correos retrasados',
    REJECTED: 'Correos rechazados',
    BOUNCED: 'Correos devueltos',
    MISSED: 'Números erróneos',
    LIMITED: 'Llamadas limitadas',
  },
} satisfies Texts<typeof en>
