import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's environment for Node with a global object of V8's own. That of Jest is a sandbox with a proxy behind it, which is
 * asked at each use of `Math`, `Map`, `Object` or any other global; that takes longer than most of what is done with them.
 * The proxy finds what a test has left on the global object; nothing of ours leaves anything there.
 */
export default class OwnGlobalEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
