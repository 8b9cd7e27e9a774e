import type { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { decideAction, needsReplacement } from '../engine/decide-action.ts';
import { driverOf, type Engine } from '../engine/engine.ts';
import type { EvaluatedConfiguration } from '../engine/evaluate-configuration.ts';
import { withStackTags } from '../engine/wanted-resource.ts';
import type { Configuration, Incarnation, ResourceRecord } from '../records.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { resolve } from '../template/intrinsics.ts';
import type { Json, JsonObject } from '../template/json.ts';
import { type ReferencedResource, type Scope, UnknownUntilApplied } from '../template/scope.ts';
import type { ResourceDeclaration } from '../template/template.ts';

/** What AWS shows in place of a value that only the execution can tell. */
const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

interface Plan {
  readonly engine: Engine;
  readonly evaluated: EvaluatedConfiguration;
  readonly configuration: Configuration;
  readonly records: ReadonlyMap<string, ResourceRecord>;
  /** What later resources see of earlier ones. */
  readonly seen: Map<string, ReferencedResource>;
}

/** The changes that executing a configuration would make to a stack, without making any. */
export function planChanges(
  engine: Engine,
  stackId: string,
  wanted: { readonly evaluated: EvaluatedConfiguration; readonly configuration: Configuration },
): readonly Change[] {
  const records = new Map(engine.store.resources(stackId).map((record) => [record.logicalId, record] as const));
  const plan: Plan = { engine, ...wanted, records, seen: new Map() };
  const planned = inOrder(wanted.evaluated.dependencies).flatMap((logicalId) => planResource(plan, logicalId));
  const removed = [...records.values()].filter(
    ({ logicalId, current }) => current !== undefined && !wanted.evaluated.dependencies.has(logicalId),
  );
  return [...planned, ...removed.map(removal)].map((change) => ({ Type: 'Resource', ResourceChange: change }));
}

/** Names after all that they depend on. */
function inOrder(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    if (ordered.has(name)) return;
    for (const other of graph.get(name) ?? []) add(other);
    ordered.add(name);
  };
  for (const name of graph.keys()) add(name);
  return [...ordered];
}

function removal({ logicalId, type, current, deletionPolicy }: ResourceRecord): ResourceChange {
  return {
    Action: 'Remove',
    PolicyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    LogicalResourceId: logicalId,
    ...(current?.physicalId === undefined ? {} : { PhysicalResourceId: current.physicalId }),
    ResourceType: type,
    Scope: [],
    Details: [],
  };
}

function planResource(plan: Plan, logicalId: string): readonly ResourceChange[] {
  const declaration = plan.evaluated.template.resources[logicalId];
  if (declaration === undefined) return [];
  const record = plan.records.get(logicalId);
  const live = record?.current;
  if (record === undefined || live?.physicalId === undefined) {
    plan.seen.set(logicalId, { status: 'unknown' });
    return [{ Action: 'Add', LogicalResourceId: logicalId, ResourceType: declaration.type, Scope: [], Details: [] }];
  }
  const driver = driverOf(plan.engine, declaration.type);
  const { properties, unknown } = foresee(plan, declaration, driver);
  const action = decideAction(driver, { type: declaration.type, properties }, { live });
  const others = attributeDetails(declaration, record);
  const known = { status: 'known', physicalId: live.physicalId, attributes: live.attributes } as const;
  if (action.type === 'none' || action.type === 'create') {
    plan.seen.set(logicalId, known);
    if (others.length === 0) return [];
    return [modification({ declaration, record, live, details: others, replacement: 'False' })];
  }
  const isReplaced = action.type === 'replace';
  const isSure = [...action.changed].some((name) => needsReplacement(driver, name) && !unknown.has(name));
  plan.seen.set(
    logicalId,
    isReplaced ? { status: 'unknown' } : { ...known, changingAttributes: driver.changingAttributes ?? [] },
  );
  const details = [...action.changed].map((name) =>
    propertyDetail(name, { driver, before: live.properties, after: properties, isUnknown: unknown.has(name) }),
  );
  const isTypeChanged = live.type !== declaration.type;
  const replacement = !isReplaced ? 'False' : isSure || isTypeChanged ? 'True' : 'Conditional';
  return [modification({ declaration, record, live, details: [...details, ...others], replacement })];
}

/** The properties as far as they can be told now. */
function foresee(
  plan: Plan,
  declaration: ResourceDeclaration,
  driver: ResourceDriver,
): { readonly properties: JsonObject; readonly unknown: ReadonlySet<string> } {
  const scope: Scope = plan.evaluated.scope((name) => plan.seen.get(name));
  const unknown = new Set<string>();
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(declaration.properties)) {
    const resolved = resolveOrUnknown(value, scope);
    if (resolved === KNOWN_AFTER_APPLY) unknown.add(name);
    if (resolved !== undefined) properties[name] = resolved;
  }
  return { properties: withStackTags(driver, properties, plan.configuration.tags), unknown };
}

function resolveOrUnknown(value: Json, scope: Scope): Json | undefined {
  try {
    return resolve(value, scope);
  } catch (error) {
    if (error instanceof UnknownUntilApplied) return KNOWN_AFTER_APPLY;
    throw error;
  }
}

function propertyDetail(
  name: string,
  facts: {
    readonly driver: ResourceDriver;
    readonly before: JsonObject;
    readonly after: JsonObject;
    readonly isUnknown: boolean;
  },
): ResourceChangeDetail {
  const before = facts.before[name];
  const after = facts.after[name];
  return {
    Target: {
      ...(name === 'Tags' ? { Attribute: 'Tags' } : { Attribute: 'Properties', Name: name }),
      RequiresRecreation: needsReplacement(facts.driver, name) ? 'Always' : 'Never',
      Path: `/Properties/${name}`,
      ...(before === undefined ? {} : { BeforeValue: text(before) }),
      ...(after === undefined ? {} : { AfterValue: text(after) }),
      AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
    },
    Evaluation: facts.isUnknown ? 'Dynamic' : 'Static',
    ChangeSource: facts.isUnknown ? 'ResourceAttribute' : 'DirectModification',
  };
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Attributes of a resource beside its properties. */
function attributeDetails(declaration: ResourceDeclaration, record: ResourceRecord): readonly ResourceChangeDetail[] {
  const metadata = declaration.metadata === undefined ? undefined : JSON.stringify(declaration.metadata);
  const changed = [
    ...(metadata === record.metadata ? [] : (['Metadata'] as const)),
    ...(declaration.deletionPolicy === record.deletionPolicy ? [] : (['DeletionPolicy'] as const)),
    ...(declaration.updateReplacePolicy === record.updateReplacePolicy ? [] : (['UpdateReplacePolicy'] as const)),
  ];
  return changed.map((attribute) => ({
    Target: { Attribute: attribute, RequiresRecreation: 'Never' },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  }));
}

function modification(facts: {
  readonly declaration: ResourceDeclaration;
  readonly record: ResourceRecord;
  readonly live: Incarnation;
  readonly details: readonly ResourceChangeDetail[];
  readonly replacement: 'True' | 'False' | 'Conditional';
}): ResourceChange {
  const { declaration, record, live, replacement } = facts;
  const isKept = record.updateReplacePolicy !== 'Delete';
  const scope = new Set(
    facts.details.flatMap(({ Target }) => (Target?.Attribute === undefined ? [] : [Target.Attribute])),
  );
  return {
    Action: 'Modify',
    ...(replacement === 'True' ? { PolicyAction: isKept ? 'ReplaceAndRetain' : 'ReplaceAndDelete' } : {}),
    LogicalResourceId: record.logicalId,
    ...(live.physicalId === undefined ? {} : { PhysicalResourceId: live.physicalId }),
    ResourceType: declaration.type,
    Replacement: replacement,
    Scope: [...scope],
    Details: [...facts.details],
  };
}
