// A module of its own, because a bundled `import('undici')` has no names.
export { WebSocket } from 'undici'
