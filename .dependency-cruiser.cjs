/**
 * The import table of docs/architecture.md. `tests/fixtures/forbidden-imports` breaks each rule once, and
 * `npm run lint` fails when a rule does not notice (scripts/lib/import-rules.mjs).
 */

const contract = '(^|/)contract/';
const core = { dependencyTypes: ['core'] };

/** Packages the renderer may use: what draws, what helps drawing, and the typed calls it sends over the bridge. */
const uiPackages = [
  '@codemirror/',
  '@lezer/',
  '@mantine/',
  '@novnc/',
  '@orpc/client',
  '@tabler/',
  '@tanstack/',
  '@xterm/',
  'i18next',
  'react',
  'react-dom',
  'react-i18next',
  'recharts',
  'yaml',
  'zustand',
].map((name) => `node_modules/${name}${name.endsWith('/') ? '' : '/'}`);

const enginePackages =
  'node_modules/(fastify|@fastify/[^/]+|kysely|pg|@electric-sql/[^/]+|ws|node-libvirt)/|(^|/)libvirt/';
/** Where parts are put together; they may know everything, and nobody knows them. */
const hostRoots = 'cli|compose[a-z-]*|foundation|main';
const hostAdapters = 'hypervisor|database|auth|agents|jobs|presets|storage';

/**
 * @param {string} name
 * @param {string} comment why.
 * @param {object} from
 * @param {object} to
 */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    never(
      'contract-only-schemas',
      'Every process imports the contract, so it may need nothing that one of them lacks.',
      { path: '^contract/src/' },
      {
        pathNot: [
          '^contract/src/',
          'node_modules/zod/',
          'node_modules/@orpc/contract/',
          'node_modules/ip-address/',
        ],
      },
    ),
    never(
      'libvirt-only-node',
      'The libvirt client is a library of its own; all it needs is an XML parser (docs/adr/0008).',
      { path: '^libvirt/src/' },
      { pathNot: ['^libvirt/src/', 'node_modules/@xmldom/xmldom/'], dependencyTypesNot: ['core'] },
    ),
    never(
      'preload-only-bridge',
      'Preload runs beside the page; all it may know is the bridge.',
      { path: '^src-preload/' },
      { pathNot: ['^src-preload/', contract, 'node_modules/electron/'] },
    ),
    never(
      'main-no-other-process',
      'Processes talk through the contract.',
      { path: '^src-main/' },
      { path: '^(\\.\\./)*(host-service|libvirt|src-preload|src-renderer)/' },
    ),
    never(
      'main-draws-nothing',
      'What a person sees is the renderer’s.',
      { path: '^src-main/' },
      { path: uiPackages.filter((path) => !/i18next|@orpc/.test(path)) },
    ),
    never(
      'renderer-no-node',
      'The renderer is a sandboxed page without Node.',
      { path: '^src-renderer/' },
      core,
    ),
    never(
      'renderer-only-ui',
      'The renderer draws; it reaches neither the network nor another process but through the bridge.',
      { path: '^src-renderer/' },
      {
        pathNot: ['^src-renderer/', '^resources/icon', contract, ...uiPackages],
        dependencyTypesNot: ['core'],
      },
    ),
    never(
      'renderer-features-apart',
      'A feature can be removed without touching another.',
      { path: '^src-renderer/features/([^/]+)/' },
      { path: '^src-renderer/features/[^/]+/', pathNot: '^src-renderer/features/$1/' },
    ),
    never(
      'renderer-actions-below-features',
      'app → features → actions → stores → api: what several features do, such as opening a console, is an action.',
      { path: '^src-renderer/actions/' },
      { path: '^src-renderer/(features|app|main)' },
    ),
    never(
      'renderer-stores-below-features',
      'app → features → actions → stores → api',
      { path: '^src-renderer/stores/' },
      { path: '^src-renderer/(features|actions|components|app|main)' },
    ),
    never(
      'renderer-api-at-the-bottom',
      'app → features → actions → stores → api',
      { path: '^src-renderer/api/' },
      { path: '^src-renderer/(features|actions|components|stores|app|main)' },
    ),
    never(
      'renderer-components-know-no-data',
      'features → components → theme: components get what they show from outside.',
      { path: '^src-renderer/components/' },
      { path: '^src-renderer/(features|actions|stores|api|app|main)' },
    ),
    never(
      'renderer-theme-alone',
      'features → components → theme',
      { path: '^src-renderer/theme/' },
      { path: '^src-renderer/(features|actions|components|stores|api|app|main)' },
    ),
    never(
      'host-no-desktop',
      'Processes talk through the contract.',
      { path: '^host-service/src/' },
      { path: '^(\\.\\./)*src-(main|preload|renderer)/|node_modules/electron/' },
    ),
    never(
      'host-ports-are-shapes',
      'Ports say what services need, without knowing who provides it.',
      { path: '^host-service/src/ports/' },
      { pathNot: ['^host-service/src/ports/', contract] },
    ),
    never(
      'host-services-see-ports',
      'main → server → procedures → services → ports',
      { path: '^host-service/src/services/' },
      { path: [`^host-service/src/(server|procedures|${hostRoots}|${hostAdapters})`, enginePackages] },
    ),
    never(
      'host-procedures-see-services',
      'main → server → procedures → services → ports',
      { path: '^host-service/src/procedures/' },
      { path: [`^host-service/src/(server|${hostRoots}|${hostAdapters})`, enginePackages] },
    ),
    never(
      'host-server-sees-procedures',
      'main → server → procedures → services → ports: which adapters there are is decided in main.',
      { path: '^host-service/src/server/' },
      { path: `^host-service/src/(${hostRoots}|${hostAdapters})` },
    ),
    never(
      'host-adapters-apart',
      'An adapter implements a port with one technology, and knows neither its users nor its siblings.',
      { path: `^host-service/src/(${hostAdapters})/` },
      {
        path: `^host-service/src/(server|procedures|services|${hostRoots}|${hostAdapters})`,
        pathNot: '^host-service/src/$1/',
      },
    ),
    never(
      'nobody-imports-tests',
      'Tests, benchmarks and scripts look at the product; the product does not know them.',
      { path: '^(contract|libvirt|host-service|src-[a-z]+)/' },
      { path: '^(tests|bench|scripts)/' },
    ),
    never(
      'no-cycles',
      'Files that need each other are one file, or miss a third.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: ['node_modules', '(^|/)(contract|libvirt)/dist/'] },
    exclude: {
      path: [
        '\\.test\\.tsx?$',
        '^(src-renderer|host-service/src)/test/',
        '^[^/]+/dist/',
        '^host-service/dist/',
      ],
    },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.cjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
