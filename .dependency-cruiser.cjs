// The architecture as one table: who may import whom. Change it only together with docs/architecture.md.
const layers = {
  'lib/model': [],
  'lib/contract': ['lib/model'],
  'lib/ports': ['lib/model'],
  'lib/operations': ['lib/model', 'lib/ports'],
  'lib/aws': ['lib/model', 'lib/ports'],
  'lib/kafka': ['lib/model', 'lib/ports'],
  'lib/stacks': ['lib/model', 'lib/contract'],
  functions: ['lib/model', 'lib/contract', 'lib/ports', 'lib/operations', 'lib/aws', 'lib/kafka'],
  cli: ['lib/contract'],
  local: [],
};

// Each package has one home; test may use all of them.
const packages = {
  'aws-cdk-lib': '^(lib/(stacks|app)|test)',
  'cdk-nag': '^(lib/(stacks|app)|test)',
  '@aws-sdk/': '^(lib/aws|local|scripts|test)',
  '@smithy/': '^(local|test)',
  kafkajs: '^(lib/kafka|scripts/proof|test)',
  '@middy/': '^(functions|test)',
  '@aws-lambda-powertools/': '^(functions|test)',
  zod: '^(lib/contract|test)',
  commander: '^cli',
  jsonata: '^(local|test)',
};

const outside = ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-optional', 'npm-peer'];

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([from, to]) => ({
      name: `${from}-imports-only-its-layers`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: { path: '^(lib|functions|local|cli|test)/', pathNot: `^(${[from, ...to].join('|')})/` },
    })),
    ...Object.entries(packages).map(([name, home]) => ({
      name: `${name}-has-one-home`,
      severity: 'error',
      from: { pathNot: home },
      to: { path: `(^|/)node_modules/${name}` },
    })),
    {
      name: 'model-has-no-io',
      comment: 'The functional core decides; clocks, randomness, disks and networks come in as parameters.',
      severity: 'error',
      from: { path: '^lib/model/' },
      to: { dependencyTypes: outside },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, exclude: { path: '(^|/)(cdk.out|dist|.warden)/' } },
};
