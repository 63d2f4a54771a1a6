import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of the sign-ins page. */
export const es = {
  sessions: {
    title: 'Accesos',
    none: 'Nadie ha iniciado sesión por correo ni con clave de acceso.',
    own: 'Este navegador',
    since: 'Entró',
    until: 'termina',
    idle: 'sin uso',
    end: 'Terminar',
    endWhose: 'Terminar la sesión de {{email}}',
    failed: 'No se pudieron cargar las sesiones',
    endFailed: 'No se pudo terminar la sesión de {{who}}',
  },
  passkeys: {
    title: 'Claves de acceso',
    intro: 'Con una clave de acceso entras con huella, cara o PIN, aunque no llegue el correo.',
    none: 'Aún no hay claves de acceso.',
    add: 'Añadir una clave de acceso',
    name: 'Nombre de la nueva clave de acceso',
    noName: 'Escribe un nombre.',
    added: 'Añadida',
    lastUsed: 'usada por última vez',
    neverUsed: 'nunca usada',
    remove: 'Quitar',
    removeWhich: 'Quitar la clave de acceso {{name}} de {{email}}',
    failed: 'No se pudieron cargar o añadir las claves de acceso',
    removeFailed: 'No se pudo quitar: {{which}}',
    refused: 'No se añadió la clave de acceso: el navegador no creó ninguna o tardó demasiado.',
    notHere:
      'Los navegadores no usan claves de acceso en una dirección IP ni sin HTTPS. Abre el panel por el nombre de su servidor, como localhost.',
    needsSession: 'Para añadir una clave de acceso, entra por correo o con otra clave de acceso.',
  },
} satisfies Texts<typeof en>
