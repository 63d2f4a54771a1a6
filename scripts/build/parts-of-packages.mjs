// Plugins of esbuild that leave out modules of npm packages which nothing here uses, or take one form of a
// package where two would be bundled.

/**
 * What services use of undici, without its `index.js`, which loads fetch, caches, mocks and Node's own copy
 * of undici: a tenth of a start. A name that is missing here fails the build.
 */
export const partsOfUndici = {
  name: 'parts-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'parts-of-undici',
      pluginData: { resolveDir },
    }))
    build.onLoad({ filter: /^undici$/, namespace: 'parts-of-undici' }, ({ pluginData: { resolveDir } }) => ({
      resolveDir,
      contents: `
        import api from 'undici/lib/api/index.js'
        import buildConnector from 'undici/lib/core/connect.js'
        import Agent from 'undici/lib/dispatcher/agent.js'
        import Client from 'undici/lib/dispatcher/client.js'
        import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
        import Pool from 'undici/lib/dispatcher/pool.js'
        Object.assign(Dispatcher.prototype, api)
        export { Agent, buildConnector, Client, Pool }`,
    }))
  },
}

/**
 * Without the texts of zod in other languages, which nothing here shows: half of zod, which every start
 * reads. English is imported by itself.
 */
export const zodInEnglish = {
  name: 'zod-in-english',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

/**
 * graphql as ES modules, for those that require it too. Of CommonJS each module that imports it would get a
 * copy of its exports: 83 times 220 getters at a start of the gateway, two of which a use of a name went
 * through.
 */
export const graphqlAsModules = {
  name: 'graphql-as-modules',
  setup(build) {
    build.onResolve({ filter: /^graphql(\/|$)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'graphql') return undefined
      const { importer, namespace, resolveDir, kind } = from
      const found = await build.resolve(path, {
        importer,
        namespace,
        resolveDir,
        kind,
        pluginData: 'graphql',
      })
      return { ...found, path: found.path.replace(/\.js$/, '.mjs') }
    })
  },
}
