/** Tests, benchmarks and the tools beside them may look into rooms that product code may not. */
const outsideProduct = '\\.test\\.ts$|/testing/|testWorld|\\.fixture\\.ts$|^tests/|^bench/|^scripts/'

/** An npm package by name, wherever npm put it. */
const packages = (/** @type {string} */ names) => `(^|/)node_modules/(${names})(/|$)|^(${names})(/|$)`

/**
 * The rooms of the house and their doors. A rule's name is the sentence; its comment is the reason.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'core-imports-no-other-room',
      comment:
        'The core runs with no plugin, agent, channel or page: it defines the ports, and main.ts fills them.',
      severity: 'error',
      from: { path: '^core/', pathNot: outsideProduct },
      to: { path: '^(main\\.ts|plugins/|agents/|channels/|web/|bench/|deploy/)' },
    },
    {
      name: 'nobody-imports-main',
      comment:
        'main.ts knows everyone, so that no one needs to know it: what others need from it belongs to a room.',
      severity: 'error',
      from: { pathNot: '^main\\.ts$|^tests/|^main\\.test\\.ts$' },
      to: { path: '^main\\.ts$' },
    },
    {
      name: 'plugins-import-only-the-door-of-core',
      comment: 'A plugin is written against #core alone, so that the core can change behind its door.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^core/', pathNot: '^core/index\\.ts$|^core/testing/index\\.ts$' },
    },
    {
      name: 'plugins-import-no-agent-channel-or-page',
      comment: 'A plugin never learns who called it: agents and channels reach it through its operations.',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^(agents|channels|web)/' },
    },
    {
      name: 'plugins-enter-another-plugin-by-its-door',
      comment:
        "Another plugin is reached by its index.ts, and only where this one's `requires` names it (tests/rooms.test.ts); else by operations and events.",
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/([^/]+)/', pathNot: '^plugins/$1/|^plugins/[^/]+/index\\.ts$' },
    },
    {
      name: 'plugins-do-not-import-the-list-of-plugins',
      comment:
        'plugins/index.ts lists the plugins for main.ts; a plugin that imports it depends on them all.',
      severity: 'error',
      from: { path: '^plugins/[^/]+/', pathNot: outsideProduct },
      to: { path: '^plugins/index\\.ts$' },
    },
    {
      name: 'agents-import-only-the-door-of-core',
      comment: 'Agents see operations, not plugins: a new plugin must work without a change in agents.',
      severity: 'error',
      from: { path: '^agents/', pathNot: outsideProduct },
      to: { path: '^(core|plugins|channels|web)/|^main\\.ts$', pathNot: '^core/index\\.ts$' },
    },
    {
      name: 'channels-import-only-the-door-of-core',
      comment:
        'A channel receives and renders. It reaches agents through the port that core defines and main fills.',
      severity: 'error',
      from: { path: '^channels/', pathNot: outsideProduct },
      to: { path: '^(core|plugins|agents|web)/|^main\\.ts$', pathNot: '^core/index\\.ts$' },
    },
    {
      name: 'channels-do-not-import-each-other',
      comment: 'Deleting a channel leaves the others whole.',
      severity: 'error',
      from: { path: '^channels/([^/]+)/' },
      to: { path: '^channels/([^/]+)/', pathNot: '^channels/$1/' },
    },
    {
      name: 'web-imports-no-server-code',
      comment: 'The page runs in a browser: it takes types from the server, never code.',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(main\\.ts|core/|plugins/|agents/|channels/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'langchain-only-in-agents',
      comment:
        'Models and their framework change often; only the agents room knows that there is such a thing.',
      severity: 'error',
      from: { pathNot: '^agents/|^bench/' },
      to: { path: packages('@langchain/[^/]+|langchain') },
    },
    {
      name: 'slack-only-in-its-channel',
      comment: 'Slack is one way in among several: only channels/slack speaks its language.',
      severity: 'error',
      from: { pathNot: '^channels/slack/' },
      to: { path: packages('@slack/[^/]+') },
    },
    {
      name: 'fake-slack-only-in-tests-and-scripts',
      comment:
        'The fake Slack stands in for the real one in development and tests: a product that imports it speaks to nobody.',
      severity: 'error',
      from: { pathNot: `^channels/slack/fake/|${outsideProduct}` },
      to: { path: '^channels/slack/fake/' },
    },
    {
      name: 'mcp-client-only-in-outside',
      comment:
        'Whoever speaks to a server of strangers does so within the limits of agents/outside and through the one door outward.',
      severity: 'error',
      from: {
        path: '^(main\\.ts|core|plugins|agents|channels|web|deploy)',
        pathNot: `^agents/outside/|${outsideProduct}`,
      },
      to: { path: packages('@modelcontextprotocol/client'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'queue-engine-only-in-jobs-and-events',
      comment: 'Nothing else knows whether jobs run on PostgreSQL or on Redis.',
      severity: 'error',
      from: { pathNot: '^core/(jobs|events)/|^bench/' },
      to: { path: packages('bullmq') },
    },
    {
      name: 'redis-only-where-processes-share-something',
      comment: 'Nothing else knows whether processes share a PostgreSQL or a Redis beside it.',
      severity: 'error',
      from: { pathNot: `^core/(jobs|events|live)/|${outsideProduct}` },
      to: { path: packages('ioredis') },
    },
    {
      name: 'mcp-server-only-in-its-surface',
      comment:
        'Nothing else knows that there is such a protocol: its library changes with every revision of it.',
      severity: 'error',
      from: { pathNot: `^core/surfaces/mcp/|${outsideProduct}` },
      to: { path: packages('@modelcontextprotocol/server') },
    },
    {
      name: 'database-driver-only-in-database-and-models',
      comment:
        "A query outside the tenant's transaction must be impossible, so only the database room and models hold the driver.",
      severity: 'error',
      from: {
        path: '^(main\\.ts|core|plugins|agents|channels|web|deploy)',
        pathNot: `^core/database/|\\.model\\.ts$|${outsideProduct}`,
      },
      to: { path: packages('sequelize|pg|pg-query-stream'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-does-not-import-tests',
      comment:
        'What only tests need must not run in the product. Test suites are opened by #core/testing, for tests.',
      severity: 'error',
      from: { path: '^(main\\.ts|core|plugins|agents|channels|web)', pathNot: outsideProduct },
      to: { path: '\\.test\\.ts$|/testing/|\\.fixture\\.ts$|^tests/|^bench/' },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one thing in two places, and load in an order that nobody chose. A component that shows itself (a list in a list) imports itself: that is how Svelte says recursion.',
      severity: 'error',
      from: { path: '(.+)', pathNot: '(^|/)node_modules/' },
      to: { circular: true, pathNot: '^$1$', viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-import-of-what-is-not-there',
      comment:
        'A deep alias into a room does not resolve, on purpose: use its door, or add the package to package.json.',
      severity: 'error',
      from: { pathNot: '^web/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^bench/peers/|^web/(build|\\.svelte-kit)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
