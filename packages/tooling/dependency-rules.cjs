// Who may import whom: the only place where this is written; packages/README.md shows it as a picture.
const MAY_IMPORT = {
  domain: [],
  crypto: [],
  telemetry: [],
  'local-postgres': [],
  'service-kit': ['telemetry'],
  contracts: ['domain'],
  client: ['contracts', 'crypto'],
  db: ['domain'],
  egress: ['domain'],
  queues: ['domain', 'telemetry'],
  'frame-store': ['domain', 'crypto'],
  inference: ['domain'],
  // What builds them is shared.
  'capture-page': ['contracts', 'tooling'],
  console: ['contracts', 'domain', 'tooling'],
};
const TEST = '([.]test[.]ts$|^test/|^packages/test-kit/|^packages/tooling/)';
const WORKSPACE = '^(packages|services|test)/';

const arrows = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports-only-${['itself', ...allowed].join('-')}`,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: TEST },
  to: { path: WORKSPACE, pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

/** Libraries that one package wraps, so that the rest of the system cannot come to depend on them. */
const only = (library, packages) => ({
  name: `only-${packages.join('-or-')}-imports-${library.replace(/\W+/g, '-')}`,
  severity: 'error',
  from: { path: WORKSPACE, pathNot: `${TEST}|^packages/(${packages.join('|')})/` },
  to: { path: `node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    ...arrows,
    only('pg', ['db']),
    only('bullmq', ['queues']),
    only('undici', ['egress']),
    only('onnxruntime-node', ['inference']),
    only('sharp', ['inference']),
    only('@opentelemetry', ['telemetry']),
    only('pino', ['telemetry']),
    only('jose', ['crypto']),
    {
      name: 'services-never-import-services',
      comment: 'standalone excepted: it runs them all in one process',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: `${TEST}|^services/standalone/` },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'only-tests-import-test-kit',
      severity: 'error',
      from: { path: WORKSPACE, pathNot: TEST },
      to: { path: '^packages/test-kit/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'an address asked of Vite is no module',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?]url$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The clients are programs of integrators: what they import is theirs.
    exclude: { path: '(^|/)dist/|^test/conformance/clients/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css', '.svg'],
    },
  },
};
