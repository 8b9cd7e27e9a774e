/** One option as data: the same words serve validation, the API's document and the CLI. */
export type OptionField =
  | TextOption
  | SwitchOption
  | NumberOption
  | OptionalNumber
  | DurationOption
  | ChoiceOption
  | ConstraintOption;

export interface OptionWords {
  readonly title: string;
  readonly description: string;
}

/** What a number may be, both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface TextOption extends OptionWords {
  readonly type: 'string';
  readonly default: string;
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

interface SwitchOption extends OptionWords {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface NumberOption extends OptionWords {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly unit?: string;
  readonly least: number;
  readonly most: number;
  /** One value outside of the range that is allowed too. */
  readonly also?: number;
  /** Only these values of the range. */
  readonly oneOf?: readonly number[];
  /** What to do when a value is out of range. */
  readonly hint?: string;
}

/** A whole number without a default: absent has a meaning of its own. */
export interface OptionalNumber extends OptionWords {
  readonly type: 'optional integer';
  readonly default?: never;
  /** What it means to leave it out. */
  readonly absent: string;
  readonly least: number;
  readonly most: number;
}

/** A duration in the spelling of mesos/kafka: 30s, 2m, 3h, 1d. */
export interface DurationOption extends OptionWords {
  readonly type: 'duration';
  readonly default: string;
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  /** Both in words. */
  readonly allowed: string;
}

export interface ChoiceOption extends OptionWords {
  readonly type: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
}

/** Marathon's placement constraints, which the guides spell in several ways. The default is in the stored spelling. */
export interface ConstraintOption extends OptionWords {
  readonly type: 'constraint';
  readonly default: string;
}

export interface OptionSection extends OptionWords {
  readonly type: 'section';
  readonly fields: Readonly<Record<string, OptionField | OptionSection>>;
}

/** Kafka's own broker properties, spelled with `_` for `.`; their definitions are Kafka's. */
export interface KafkaSection extends OptionWords {
  readonly type: 'kafka properties';
}
