// Read it as the order of the system: a module may import only those named in its row, and only their index.ts.
const mayImport = {
  audit: [], ledger: [], identity: ['audit'], partners: ['audit', 'identity'], cases: ['audit'],
  referrals: ['audit', 'partners', 'cases'],
  exchange: ['audit', 'partners', 'cases', 'referrals'],
  payments: ['audit', 'identity', 'partners', 'cases', 'ledger'],
  reconciliation: ['audit', 'identity', 'partners', 'cases', 'ledger', 'payments'],
};
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
const oneOf = (names) => `^src/modules/(${names.join('|')})/`;
const order = Object.entries(mayImport).map(([name, allowed]) =>
  rule(`order-${name}`, { path: oneOf([name]) }, { path: '^src/modules/', pathNot: oneOf([name, ...allowed]) }));
const EDGES = '^src/(web|api|sftp|jobs|cli|demo)/';

module.exports = {
  forbidden: [
    ...order,
    rule('unlisted-module', {}, { path: '^src/modules/', pathNot: oneOf(Object.keys(mayImport)) }),
    rule('platform-is-the-floor', { path: '^src/platform/' }, { path: '^src/(?!platform/)' }),
    rule('downward-only', { path: '^src/(platform|modules|http)/' }, { path: EDGES }),
    rule('edges-stay-apart', { path: '^src/(web|api|sftp|jobs)/' }, { path: '^src/(web|api|sftp|jobs)/', pathNot: '^src/$1/' }),
    rule('front-door', { path: '^src/(modules/[^/]+|http|web|api|sftp|jobs|cli|demo)/' },
      { path: '^src/modules/[^/]+/', pathNot: ['^src/$1/', '^src/modules/[^/]+/index\\.ts$'] }),
    rule('rules-are-pure', { path: '\\.rules\\.ts$' },
      { pathNot: ['\\.rules\\.ts$', '^src/modules/[^/]+/index\\.ts$', '^src/platform/(errors|money|dates)\\.ts$', '^src/platform/names/'] }),
    rule('sql-in-stores', { path: '^src/', pathNot: '(\\.(store|entity)\\.ts$|^src/platform/)' }, { path: 'node_modules/(typeorm|pg)/', dependencyTypesNot: ['type-only'] }),
    rule('http-at-edges', { path: '^src/(modules|jobs|platform)/' }, { path: '^src/http/|node_modules/express/' }),
    rule('xml-at-the-border', { path: '^src/', pathNot: '^src/(modules/(referrals|exchange|payments)/|platform/(xml|asic))' },
      { path: 'node_modules/(xmlbuilder2|fast-xml-parser|libxml2-wasm|saxes)/' }),
    rule('tests-stay-outside', { path: '^src/' }, { path: '^(test|bench)/' }),
    rule('no-cycles', {}, { circular: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
