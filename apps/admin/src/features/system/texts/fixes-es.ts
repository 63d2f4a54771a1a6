import type { en } from './en.ts'

/** What to do about each kind of finding, in Spanish. In English the services say it themselves. */
export const fixesEs: Readonly<Record<keyof typeof en.finding, string>> = {
  'redis-eviction':
    'Pon maxmemory-policy noeviction: un Redis lleno rechaza entonces registros nuevos y no pierde nada. Si ya faltan inquilinos o claves de API, restaura una copia de seguridad.',
  'redis-not-persistent':
    'Pon appendonly yes, y appendfsync always donde no se pueda perder ningún número confirmado.',
  'redis-replicas': 'Conecta las réplicas o baja EMAILAUTH_REDIS_REPLICAS.',
  'redis-version': 'Actualiza a Redis 7 o Valkey 8, o a una versión posterior.',
  'redis-memory':
    'Sube maxmemory si la máquina tiene más (docs/deployment/sizing.md), o averigua qué más lo llena.',
  'redis-disk':
    'Mira el registro de Redis; libera o amplía su disco y da a su usuario la carpeta. Lo termina el próximo guardado que funcione.',
  'redis-refuses-writes': 'Hasta que se repare, las llamadas que cambian algo responden SERVICE_UNAVAILABLE.',
  'key-missing':
    'Vuelve a añadir la clave detrás de la más nueva, y quítala cuando pase su tiempo (GET /v1/key-ring).',
  'mail-unreadable':
    'Vuelve a añadir la clave detrás de la más nueva, o escribe otra vez la URL (emailauth tenants update --mail-smtp-url).',
  'passkeys-unreadable':
    'Vuelve a añadir la clave detrás de la más nueva y reinicia persistence, o registra otra vez las claves de acceso.',
  'webhooks-unreadable':
    'Vuelve a añadir la clave detrás de la más nueva y reinicia persistence, o borra el endpoint y crea otro.',
  'audit-altered':
    'Compara la auditoría con las líneas "audit" que escribió persistence, y cambia la contraseña de su usuario de Redis.',
}
