/** A process that died: nothing of its invocation happens any more, not even its own error handling. */
class CrashError extends Error {
  override readonly name = 'Lambda.Unknown';
}

/** Kills the process that makes the n-th call of all, before the call or after its effect. */
export interface CrashPlan {
  /** Wraps the ports of one invocation. */
  guard<Ports extends object>(ports: Ports, invocation: Invocation): Ports;
  /** The calls so far, by name. */
  readonly calls: readonly string[];
}

interface Invocation {
  hasCrashed: boolean;
}

/** A call that counts: it changes or asks the world outside of the process, or writes to the store. */
const plainReads = /^(read|list(Services|ConfigIds|PortClaims)|arnOf)/;

export function createCrashPlan(crash?: { readonly call: number; readonly when: 'before' | 'after' }): CrashPlan {
  const calls: string[] = [];
  const guardCall = (name: string, call: (...values: unknown[]) => unknown, invocation: Invocation) => {
    return async (...values: unknown[]) => {
      const die = () => {
        invocation.hasCrashed = true;
        throw new CrashError(`died at ${name}`);
      };
      if (invocation.hasCrashed) return die();
      const number = calls.push(name) - 1;
      if (crash?.call === number && crash.when === 'before') return die();
      const result = await call(...values);
      return crash?.call === number && crash.when === 'after' ? die() : result;
    };
  };
  return {
    calls,
    guard<Ports extends object>(ports: Ports, invocation: Invocation): Ports {
      return new Proxy(ports, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function' || typeof name !== 'string' || plainReads.test(name)) return member;
          return guardCall(name, (...values) => Reflect.apply(member, target, values), invocation);
        },
      });
    },
  };
}
