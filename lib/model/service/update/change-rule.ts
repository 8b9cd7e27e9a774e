import type { ServiceOptions } from '../options.ts';

/** What an update asks for, as far as it can be read: only what the rules read of it. */
export interface Change {
  readonly before: ServiceOptions;
  readonly after: {
    readonly service: Pick<ServiceOptions['service'], 'name' | 'placement_constraint'>;
    readonly brokers: ServiceOptions['brokers'];
    readonly controllers: ServiceOptions['controllers'];
  };
  /** Pointer of the option that says where brokers may go. */
  readonly placedBy: '/service/placement_constraint' | '/service/placement_strategy';
}

/** A value that may be valid in itself, but not in the place of the value before. */
export interface RefusedChange {
  readonly pointer: string;
  readonly from: string | number;
  readonly to: string | number;
  readonly message: string;
  readonly allowed: string;
  readonly hint: string;
  /** What 1.x says that cannot be done with the value. */
  readonly doing: 'Changing' | 'Decreasing' | 'Increasing';
  /** In the words of 2.x; from and to when they are spelled otherwise there. */
  readonly inSteps: {
    readonly field: string;
    readonly from?: string;
    readonly to?: string;
    readonly message: string;
  };
}

/** A rule over the options of a running service and those that are asked for. */
export interface ChangeRule {
  /** Pointers of options that a service has for life: what is not given of them stays, also when all is replaced. */
  readonly lasting: readonly string[];
  readonly refuse: (change: Change) => readonly RefusedChange[];
}
