/** Kafka's own types of values. A password is a secret; a class is the name of code on Kafka's class path. */
export type KafkaType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';

/** How a running broker takes a new value: for the whole cluster, or for each broker. */
type UpdateMode = 'cluster-wide' | 'per-broker';

/** One broker property as Kafka's ConfigDef defines it. What a property of Warden's own may be is left out. */
export interface KafkaDefinition {
  readonly name: string;
  readonly type: KafkaType;
  /** As text. Absent where Kafka has none. */
  readonly default?: string;
  readonly least?: number;
  readonly most?: number;
  /** One value outside of the range that is allowed too. */
  readonly also?: number;
  /** Of a list: what its items may be. */
  readonly oneOf?: readonly string[];
  readonly ignoresCase?: boolean;
  readonly nonEmpty?: boolean;
  /** Of a list: an item that it cannot do without. */
  readonly mustHold?: string;
  /** A form that a text must have, and the form in words. */
  readonly form?: { readonly pattern: RegExp; readonly words: string };
  /** Absent: read-only, a new value takes a restart. */
  readonly updateMode?: UpdateMode;
  /** Absent where users cannot set the property. */
  readonly description?: string;
}

/** How a version of Kafka differs from the next newer one that is supported. */
export interface DefinitionDifferences {
  /** Names of the newer version that this one lacks. */
  readonly absent: readonly string[];
  /** What this version alone has, or defines in another way. */
  readonly other: readonly KafkaDefinition[];
}
