import { type OptionField, type OptionSection, optionSchema } from '../model/service/option-schema.ts';

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
  if (field.type === 'string') return { type: 'string', ...words, pattern: field.pattern.source };
  const unit = field.unit === undefined ? {} : { 'x-unit': field.unit };
  return { type: field.type, ...words, ...unit, ...rangeOf(field) };
}

function rangeOf(field: Exclude<OptionField, { type: 'string' }>): JsonSchema {
  if (field.oneOf !== undefined) return { enum: field.oneOf };
  const range = { minimum: field.least, maximum: field.most };
  return field.also === undefined ? range : { anyOf: [{ const: field.also }, range] };
}
