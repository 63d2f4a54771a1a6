/** From one round to the next, where a service answers at once that it has nothing. */
export const EVERY_MS = 1000
/** Pause before a silent service is asked again. The health checks report it. */
export const AFTER_FAULT_MS = 5000
/** Fewer faults in a row are a restart, which nobody needs to look at. */
export const FAULTS_LOGGED = 2
