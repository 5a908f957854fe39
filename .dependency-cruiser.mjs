// The house's layering, as rules. Data flows one way: sources → model → inventory → engine → findings → outputs,
// and imports point toward `sets` and `model`. Each rule's comment says what to do when it fires.

const room = name => `^src/${name}/`
const notTests = '\\.test\\.ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that import each other are one idea or three: move what both need into a file of its own.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'sets-and-model-stand-alone',
      severity: 'error',
      comment:
        'Everything may import `sets` and `model`; they import nothing else. Pass the value in, or move the noun into `model`.',
      from: { path: '^src/(sets|model)/', pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model)/' },
    },
    {
      name: 'sources-know-only-the-model',
      severity: 'error',
      comment: 'A source lowers documents to the model. A judgement belongs in `findings`, a summary in `inventory`.',
      from: { path: room('sources'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model|sources)/' },
    },
    {
      name: 'inventory-is-pure',
      severity: 'error',
      comment: 'The inventory is a pure function of the model. Lower what is missing into the model first.',
      from: { path: room('inventory'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model|profiles|inventory)/' },
    },
    {
      name: 'profiles-are-data',
      severity: 'error',
      comment: 'A profile states facts about a network plugin. What follows from them belongs in `engine`.',
      from: { path: room('profiles'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(model|profiles)/' },
    },
    {
      name: 'intent-is-what-was-declared',
      severity: 'error',
      comment:
        'What owners say does not hang on what is possible: compare the two in `findings` or `app`, where both are known.',
      from: { path: room('intent'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model|intent)/' },
    },
    {
      name: 'engine-reads-the-model',
      severity: 'error',
      comment:
        'The engine is a pure function of the model and a profile that it is given. Lower what is missing into the model.',
      from: { path: room('engine'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model|engine)/' },
    },
    {
      name: 'findings-read-model-and-inventory',
      severity: 'error',
      comment: 'A check reads the model and the inventory. If it wants a raw document, lower that fact into the model.',
      from: { path: room('findings'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(sets|model|inventory|intent|engine|findings)/' },
    },
    {
      name: 'outputs-read-results-only',
      severity: 'error',
      comment: 'A renderer is a pure function of a result type in `model/result`. Put what it needs into the result.',
      from: { path: room('outputs'), pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(model|outputs)/' },
    },
    {
      name: 'only-app-composes',
      severity: 'error',
      comment: 'The command line and the server call a use case in `app` and a renderer in `outputs`, nothing deeper.',
      from: { path: '^src/(cli|server)/', pathNot: notTests },
      to: { path: '^src/', pathNot: '^src/(cli|server|app|outputs|model)/' },
    },
    {
      name: 'io-stays-at-the-edge',
      severity: 'error',
      comment:
        'Only sources, evidence, proof, cli, server and lab do I/O. Take the bytes, or a function that gives them, as an argument.',
      from: { path: '^src/(sets|model|inventory|engine|findings|outputs|remedy|intent)/', pathNot: notTests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util|assert)$' },
    },
    {
      name: 'engine-and-sources-never-meet',
      severity: 'error',
      comment: 'A new format cannot change a verdict: let both speak through `model`.',
      from: { path: room('engine') },
      to: { path: room('sources') },
    },
    {
      name: 'no-development-dependency-in-the-product',
      severity: 'error',
      comment:
        'The package installs without development dependencies: add it to `dependencies` or keep it in tests and scripts.',
      from: { path: '^(src|bin)/', pathNot: notTests },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'An import that resolves to nothing fails for the user: fix the path or add the dependency.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
