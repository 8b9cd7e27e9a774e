import type { ServiceConfig } from '../service/config.ts';
import { propertiesInForce } from './properties-in-force.ts';

/** A property whose value in force differs between two configs. */
export interface ChangedProperty {
  readonly name: string;
  /** Whether a running broker takes it. */
  readonly isDynamic: boolean;
  /** As canonical text. Absent where Kafka has no value. */
  readonly after?: string;
}

/**
 * The properties of Kafka that change their value from one config to another, sorted by name. A default that is given
 * explicitly changes nothing. Between two versions of Kafka only what both know is compared: the rest is the version.
 */
export function changedProperties(before: ServiceConfig, after: ServiceConfig): readonly ChangedProperty[] {
  const earlier = propertiesInForce(before);
  const later = propertiesInForce(after);
  const names = [...new Set([...earlier.names, ...later.names])].sort();
  return names.flatMap((name) => {
    const definition = later.definitions.get(name);
    if (definition === undefined || !earlier.definitions.has(name)) return [];
    const text = later.textOf(name);
    if (text === earlier.textOf(name)) return [];
    const isDynamic = definition.updateMode !== undefined;
    return [{ name, isDynamic, ...(text === undefined ? {} : { after: text }) }];
  });
}
