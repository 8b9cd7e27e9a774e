import { allowedConstraints } from '../model/placement/placement-constraint.ts';
import type { NumberOption, OptionField, OptionSection } from '../model/service/option-field.ts';
import { optionSchema } from '../model/service/option-schema.ts';

type JsonSchema = Record<string, unknown>;

/** The options document as JSON Schema, for readers of the API and for forms; what is accepted is decided by the model. */
export function optionsJsonSchema(): JsonSchema {
  const { service, brokers, controllers, kafka } = optionSchema;
  return {
    type: 'object',
    title: 'Options',
    additionalProperties: false,
    properties: {
      service: sectionOf(service),
      brokers: sectionOf(brokers),
      controllers: sectionOf(controllers),
      kafka: {
        type: 'object',
        title: kafka.title,
        description: kafka.description,
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
    },
  };
}

function sectionOf({ title, description, fields }: OptionSection): JsonSchema {
  const properties = Object.entries(fields).map(([name, option]) => [
    name,
    option.type === 'section' ? sectionOf(option) : fieldOf(option),
  ]);
  return {
    type: 'object',
    title,
    description,
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function fieldOf(field: OptionField): JsonSchema {
  const words = { title: field.title, description: field.description, default: field.default };
  switch (field.type) {
    case 'string':
      return { type: 'string', ...words, pattern: field.pattern.source };
    case 'choice':
      return { type: 'string', ...words, enum: field.choices };
    case 'constraint':
      return {
        ...words,
        description: `${field.description} For example ${allowedConstraints}.`,
        anyOf: [
          { type: 'string' },
          { type: 'array', items: { type: 'array', items: { type: ['string', 'integer'] } } },
        ],
      };
    case 'duration':
      return { type: 'string', ...words, pattern: '^[0-9]{1,9}[smhd]$' };
    case 'optional integer':
      return { type: 'integer', title: field.title, description: field.description, ...rangeOf(field) };
    case 'boolean':
      return { type: 'boolean', ...words };
    case 'integer':
    case 'number': {
      const unit = field.unit === undefined ? {} : { 'x-unit': field.unit };
      return { type: field.type, ...words, ...unit, ...rangeOf(field) };
    }
  }
}

function rangeOf(field: Pick<NumberOption, 'least' | 'most' | 'also' | 'oneOf'>): JsonSchema {
  if (field.oneOf !== undefined) return { enum: field.oneOf };
  const range = { minimum: field.least, maximum: field.most };
  return field.also === undefined ? range : { anyOf: [{ const: field.also }, range] };
}
