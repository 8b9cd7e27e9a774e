/** Options spell Kafka's names with `_` for `.`, as the guides do; no name of Kafka's contains a `_`. */
export function propertyNameOf(option: string): string {
  return option.replaceAll('_', '.');
}

/** The option that stands for a property of Kafka. */
export function optionNameOf(property: string): string {
  return property.replaceAll('.', '_');
}
