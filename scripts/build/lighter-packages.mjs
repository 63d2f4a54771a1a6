// Plugins of esbuild that leave out what npm packages do at a start and nobody has asked for. Each change
// names the text that it replaces, so that a new version of a package without it fails the build.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Texts of packages that are replaced. In each the cost was measured at a start of a service, and what
 * callers see is the same. `having`: leaves out older versions of the package.
 */
const changes = [
  {
    // V8 copies the list of a prototype's properties for each one that is added: 10 ms for 500 commands. Once
    // one was deleted, the prototype is a table of hashes until its first use.
    file: /\/ioredis\/built\/utils\/Commander\.js$/,
    from: 'commands.forEach(function (commandName) {\n    Commander.prototype[commandName] =',
    to: `Commander.prototype.first = Commander.prototype.second = undefined;
      delete Commander.prototype.first;
      delete Commander.prototype.second;
      $&`,
  },
  {
    // BullMQ defines 60 scripts on each connection, and sends few of them.
    file: /\/ioredis\/built\/Script\.js$/,
    from: 'this.sha = (0, crypto_1.createHash)("sha1").update(lua).digest("hex");\n        const sha = this.sha;',
    to: `const script = this;
      Object.defineProperty(this, 'sha', {
        configurable: true,
        get() {
          const value = (0, crypto_1.createHash)("sha1").update(lua).digest("hex");
          Object.defineProperty(this, 'sha', { value });
          return value;
        },
      });`,
  },
  {
    file: /\/ioredis\/built\/Script\.js$/,
    from: 'this.args[0] = sha;',
    to: 'this.args[0] = script.sha;',
  },
  {
    // Array.from takes 1 ms for 10,000 entries, of which a cache has two lists.
    file: /\/lru-cache\/dist\/(?:esm|commonjs)\/.*index\.min\.js$/,
    from: /Array\.from\(\{length:(\w+)\}\)\.fill\(void 0\)/g,
    to: 'new Array($1).fill(void 0)',
  },
  {
    // Each `new Function` takes V8 50 µs. Routes are matched once for many calls that travel together.
    file: /\/find-my-way\/lib\/node\.js$/,
    from: 'const LONG_PREFIX_MIN_LENGTH = 16',
    to: 'const LONG_PREFIX_MIN_LENGTH = 2',
  },
  {
    // indexOf would look through the whole path for a short prefix.
    file: /\/find-my-way\/lib\/node\.js$/,
    from: 'path.indexOf(prefix, i) === i',
    to: 'path.startsWith(prefix, i)',
  },
  {
    // A function that nobody calls but who has routes with constraints, such as a version.
    file: /\/find-my-way\/lib\/handler-storage\.js$/,
    from: 'this._compileGetHandlerMatchingConstraints(constrainer, constraints)',
    to: `this._getHandlerMatchingConstraints = (derived) => {
        $&
        return this._getHandlerMatchingConstraints(derived)
      }`,
  },
  {
    file: /\/find-my-way\/lib\/handler-storage\.js$/,
    from: '  _compileCreateParamsObject (params) {',
    to: '$&\n    if (params.length === 0) return () => new NullObject()',
  },
  {
    // HTTP/2 is never asked for.
    file: /\/fastify\/lib\/server\.js$/,
    from: "const http2 = require('node:http2')",
    to: '',
  },
  {
    file: /\/fastify\/lib\/server\.js$/,
    from: '  if (options.http2) {',
    to: "$&\n    const http2 = require('node:http2')",
  },
  {
    // HTTP/2 again.
    file: /\/undici\/lib\/dispatcher\/client\.js$/,
    from: "const connectH2 = require('./client-h2.js')",
    to: "const connectH2 = (...args) => require('./client-h2.js')(...args)",
  },
  {
    // A writer of JSON that our compiled queries do without, with a validator: 90 modules.
    file: /\/graphql-jit\/dist\/execution\.js$/,
    from: 'var import_fast_json_stringify = __toESM(require("fast-json-stringify"));',
    to: 'var import_fast_json_stringify = { get default() { return require("fast-json-stringify") } };',
  },
  {
    // It prints the whole schema to make a prefix of keys, for a store that several servers share.
    file: /\/@apollo\/server\/dist\/esm\/ApolloServer\.js$/,
    from: /`\$\{computeCoreSchemaHash\(printSchema\(schema\)\)\}:`/,
    to: "''",
  },
  {
    // The first use of Intl takes 30 ms of each command of the CLI, and the list of all emoji as many. Text
    // of ASCII characters needs neither.
    file: /\/(?:string-width|wrap-ansi)\/index\.js$/,
    having: 'Intl.Segmenter',
    from: 'const segmenter = new Intl.Segmenter();',
    to: `let madeSegmenter;
      const segmenter = { segment: (text) => (madeSegmenter ??= new Intl.Segmenter()).segment(text) };`,
  },
  {
    file: /\/string-width\/index\.js$/,
    having: 'RGI_Emoji',
    from: 'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;',
    to: `let madeEmoji;
      const rgiEmojiRegex = { test: (text) => (madeEmoji ??= /^\\p{RGI_Emoji}$$/v).test(text) };`,
  },
  {
    // Of 45 modules BullMQ uses three functions.
    file: /\/bullmq\/dist\/esm\/utils\/index\.js$/,
    from: "import * as semver from 'semver';",
    to: `import coerce from 'semver/functions/coerce.js';
      import lt from 'semver/functions/lt.js';
      import valid from 'semver/functions/valid.js';
      const semver = { coerce, lt, valid };`,
  },
]

/** Applies {@link changes}. */
export const changedPackages = {
  name: 'changed-packages',
  setup(build) {
    const files = new RegExp(`${changes.map(({ file }) => `(?:${file.source})`).join('|')}`)
    build.onLoad({ filter: files }, async ({ path }) => {
      let contents = await readFile(path, 'utf8')
      for (const { file, having = '', from, to } of changes) {
        if (!file.test(path) || !contents.includes(having)) continue
        const changed = contents.replace(from, to)
        if (changed === contents) return { errors: [{ text: `no longer has this text: ${from}` }] }
        contents = changed
      }
      return { contents, loader: 'js', resolveDir: dirname(path) }
    })
  },
}

/** Packages that are loaded when one of these functions or classes is first used. */
const lazy = {
  // @fastify/swagger, for a description of a service as YAML.
  yaml: ['parse', 'stringify'],
  // @fastify/static, where it lists a folder at the start.
  glob: ['glob'],
}

/** Loads the packages of {@link lazy} late. What requires them gets functions that load them. */
export const lazyPackages = {
  name: 'lazy-packages',
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(lazy).join('|')})$`)
    build.onResolve({ filter }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === 'lazy' || kind !== 'require-call') return undefined
      return { path, namespace: 'lazy', pluginData: { resolveDir } }
    })
    build.onLoad({ filter: /^/, namespace: 'lazy' }, ({ path, pluginData: { resolveDir } }) => ({
      resolveDir,
      pluginData: 'lazy',
      contents: lazy[path]
        .map((name) => `exports.${name} = (...args) => require('${path}').${name}(...args)\n`)
        .join(''),
    }))
  },
}

const bullmq = 'bullmq/dist/esm'

/**
 * What the mailer uses of BullMQ, without its `index.js`, which loads PostgreSQL, other clients of Redis,
 * flows and processes of jobs: a third of a megabyte that V8 would read at each start. A name that is missing
 * here fails the build.
 */
export const partsOfBullmq = {
  name: 'parts-of-bullmq',
  setup(build) {
    build.onResolve({ filter: /^bullmq$/ }, ({ resolveDir }) => ({
      path: 'bullmq',
      namespace: 'parts-of-bullmq',
      pluginData: { resolveDir },
    }))
    build.onLoad({ filter: /^bullmq$/, namespace: 'parts-of-bullmq' }, ({ pluginData: { resolveDir } }) => ({
      resolveDir,
      contents: `
        export { DelayedError } from '${bullmq}/classes/errors/delayed-error.js'
        export { Queue } from '${bullmq}/classes/queue.js'
        export { Worker } from '${bullmq}/classes/worker.js'`,
    }))
    // Jobs at fixed times, which nobody here asks for: it loads a library of calendars.
    build.onResolve({ filter: /^cron-parser$/ }, ({ resolveDir }) => ({
      path: 'cron-parser',
      namespace: 'none-of-cron-parser',
      pluginData: { resolveDir },
    }))
    build.onLoad({ filter: /^/, namespace: 'none-of-cron-parser' }, () => ({
      contents: 'export const CronExpressionParser = undefined',
    }))
  },
}
