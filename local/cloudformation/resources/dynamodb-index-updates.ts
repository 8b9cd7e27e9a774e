import type { PropertyChange } from '../resource-driver.ts';
import { isJsonList, isJsonObject, isSameJson, type JsonObject } from '../template/json.ts';
import { pick } from './pick.ts';

/** The changes of global secondary indexes, one per call as DynamoDB takes them: first what goes, then what comes. */
export function indexUpdates({ before, after }: Pick<PropertyChange, 'before' | 'after'>): readonly JsonObject[] {
  const [old, wanted] = [indexesOf(before), indexesOf(after)];
  const isRemade = (name: string) => !isSameJson(shapeOf(old.get(name)), shapeOf(wanted.get(name)));
  const removed = [...old.keys()].filter(isRemade);
  const created = [...wanted].filter(([name]) => isRemade(name));
  const changed = [...wanted].filter(([name, index]) => !isRemade(name) && !isSameJson(old.get(name), index));
  return [
    ...removed.map((IndexName) => ({ Delete: { IndexName } })),
    ...created.map(([, index]) => ({ Create: index })),
    ...changed.map(([, index]) => ({ Update: pick(index, ['IndexName', 'ProvisionedThroughput']) })),
  ];
}

function indexesOf(properties: JsonObject): ReadonlyMap<string, JsonObject> {
  const indexes = properties['GlobalSecondaryIndexes'];
  const list = isJsonList(indexes) ? indexes.filter(isJsonObject) : [];
  return new Map(list.map((index) => [String(index['IndexName']), index]));
}

/** What of an index cannot change while it lives. */
function shapeOf(index: JsonObject | undefined): JsonObject | undefined {
  return index === undefined ? undefined : pick(index, ['IndexName', 'KeySchema', 'Projection']);
}
