import { portVariable, readEnvironment, sharedEnvironment } from '@emailauth/service/config'

/** The environment of the persistence service. */
export const environment = {
  ...sharedEnvironment,
  EMAILAUTH_PERSISTENCE_PORT: portVariable(4001, 'the persistence service, on loopback'),
}

export const readConfig = () => readEnvironment(environment, process.env)
