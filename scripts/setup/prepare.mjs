// The first step of `npm start`: installs and builds.
import { build, install } from './setup.mjs'

install()
build()
