import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of the system page. */
export const es = {
  title: 'Sistema',
  refresh: 'Actualizar',
  started: 'en marcha',
  services: 'Servicios',
  ready: 'Listo',
  down: 'No responde',
  version: 'Versión {{version}}',
  relays: {
    title: 'Entrega de correo',
    circuit: { CLOSED: 'En uso', OPEN: 'Se evita', REFUSING: 'Rechaza todo' },
    why: {
      OPEN: 'No respondió hace poco. Se le vuelve a preguntar cada pocos segundos.',
      REFUSING: 'Rechazó muchos correos seguidos. Se prueban correos sueltos.',
    },
  },
  queue: {
    waiting: 'Correos en espera',
    none: 'Ninguno',
    oldest: 'El más antiguo llegó',
    next: 'Próximo intento',
  },
  redis: {
    title: 'Redis',
    version: 'Versión',
    up: 'en marcha {{time}}',
    memory: 'Memoria',
    noBound: 'sin límite',
    disk: 'En disco',
    appendOnly: 'Archivo de solo añadir',
    snapshots: 'Solo instantáneas',
    saved: 'Escrito',
    notSaved: 'Falló la última escritura',
    replicas: 'Réplicas',
    operations: 'Órdenes por segundo',
  },
  keys: {
    title: 'Claves secretas',
    newest: 'Escribe',
    free: 'Se puede quitar',
    until: 'Hace falta hasta {{time}}',
  },
  findings: 'Lo que habría que cambiar',
  findingsUnknown: 'Ahora mismo no se puede saber.',
  fine: 'Nada: todo está como debe.',
  level: { WARN: 'Aviso', FAIL: 'Falla' },
  failed: 'No se ha podido preguntar al sistema',
} satisfies Texts<typeof en>
