import type { ServiceName } from '../core/service.ts';
import type { JsonObject } from './template/json.ts';

/** A thing that a driver made. */
export interface PhysicalResource {
  /** What Ref answers. */
  readonly physicalId: string;
  /** What Fn::GetAtt answers. */
  readonly attributes: JsonObject;
}

/** What a driver works with. */
export interface ResourceContext {
  readonly region: string;
  readonly accountId: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Chosen once per thing to make: a repeated creation has the same. Fit for ClientToken members. */
  readonly token: string;
  /** An earlier process may have made the thing, or part of it, and died. */
  readonly isRetry: boolean;
  /** What an earlier try of this very creation remembered. */
  readonly rememberedId?: string;
  /** Physical ids of this resource that are something else: what it is replacing or was replaced by. */
  readonly otherIds: readonly string[];
  /** Writes down what was made, so that a roll-back deletes it even if the creation goes no further. */
  readonly remember: (physicalId: string) => void;
  /** `<stack>-<logical id>-<token>`, cut to the longest that the service takes. */
  readonly name: (maxLength: number) => string;
  /**
   * Calls an operation. Members are named as in the template: spelled in the service's case, and texts become
   * numbers or booleans where the service has those. A member that the service lacks is refused by name.
   */
  readonly call: CallOperation;
  /** Looks until the answer is not undefined. */
  readonly until: <Answer>(look: () => Promise<Answer | undefined>) => Promise<Answer>;
}

/** Input whose undefined members are left out. */
export type LooseInput = Readonly<Record<string, unknown>>;

// biome-ignore lint/suspicious/noExplicitAny: outputs are checked by the SDK's schemas; see core/service.ts
type CallOperation = (service: ServiceName, operation: string, input: LooseInput) => Promise<any>;

/** What a driver knows of a change. */
export interface PropertyChange {
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Names of the properties that differ. */
  readonly changed: ReadonlySet<string>;
}

/** How one type of resource is made, changed and deleted through the API of its service. */
export interface ResourceDriver {
  readonly type: string;
  /** All properties that the driver acts on; any other fails the stack by name. `*` takes all. */
  readonly properties: readonly string[];
  /** Properties that cannot change in place. `*` is all of them. */
  readonly replaceOn: readonly string[];
  /** The property that names the thing: two of one name cannot live side by side while one replaces the other. */
  readonly nameProperty?: string;
  /** How the property Tags is written; stack tags are merged into it. Absent when the type has no tags. */
  readonly tags?: 'list' | 'map';
  /** Attributes that a change in place may change. */
  readonly changingAttributes?: readonly string[];
  readonly create: (context: ResourceContext, properties: JsonObject) => Promise<PhysicalResource>;
  /** Answering another physical id means that the thing was replaced. */
  readonly update: (
    context: ResourceContext,
    resource: PhysicalResource,
    change: PropertyChange,
  ) => Promise<PhysicalResource>;
  /** Idempotent: what is gone already is done. */
  readonly delete: (context: ResourceContext, resource: PhysicalResource, properties: JsonObject) => Promise<void>;
}
