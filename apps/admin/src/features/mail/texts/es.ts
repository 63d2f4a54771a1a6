import type { Texts } from '../../../lib/i18n/translation.ts'
import type { en } from './en.ts'

/** Spanish texts of the mail page. */
export const es = {
  noTenant: { title: 'No existe ese inquilino', hint: 'Elige otro.' },
  newest: 'Los más nuevos',
  older: 'Anteriores',
  preview: {
    title: 'Vista previa',
    hint: 'Con un número de muestra. Aquí no se cargan imágenes.',
    language: 'Idioma',
    colours: 'Colores',
    scheme: { light: 'Claros', dark: 'Oscuros' },
    part: 'Parte',
    parts: { html: 'HTML', text: 'Texto' },
    subject: 'Asunto',
    frame: 'El correo',
    failed: 'No se pudo cargar la vista previa',
  },
  test: {
    title: 'Correo de prueba',
    hint: 'Sale por donde salen los correos del inquilino, en el idioma de la vista previa.',
    email: 'Enviarlo a',
    send: 'Enviar',
    empty: 'Escribe una dirección.',
    invalid: 'No se pueden enviar correos a esta dirección.',
    outcome: { SENT: 'Aceptado', REJECTED: 'Rechazado', DEFERRED: 'No aceptado por ahora' },
    limited: 'Se enviaron demasiados correos de prueba. Inténtalo en {{minutes, number}} min.',
    failed: 'No se pudo enviar el correo de prueba',
  },
  suppressed: {
    title: 'Direcciones suprimidas',
    hint: 'Un correo a ellas fue devuelto, así que ya no se envía ninguno.',
    none: 'No hay ninguna.',
    noneHere: 'No queda ninguna en esta página.',
    clear: 'Quitar',
    clearWhom: 'Quitar {{email}}',
    cleared: 'Se vuelve a escribir a {{email}}.',
    failed: 'No se pudieron cargar las direcciones',
    clearFailed: 'No se pudo quitar la dirección',
  },
} satisfies Texts<typeof en>
