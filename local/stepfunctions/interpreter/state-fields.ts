import { longestSeconds } from './evaluate-field.ts';
import {
  anyTemplate,
  assignments,
  condition,
  type FieldTable,
  flag,
  objectList,
  objectValue,
  oneOf,
  text,
  textList,
  textTemplate,
  wholeNumber,
  wholeNumberTemplate,
} from './field-check.ts';
import type { Json } from './json.ts';

const common = { Comment: text, QueryLanguage: oneOf('JSONata', 'JSONPath') };
const following = { Next: text, End: flag, Output: anyTemplate, Assign: assignments };
const guarded = { Retry: objectList, Catch: objectList };
const type = { Type: text };

/** The fields of each kind of state. Source: Amazon States Language, JSONata. */
export const stateFields: Readonly<Record<string, FieldTable>> = {
  Task: {
    required: { ...type, Resource: text },
    optional: {
      ...common,
      ...following,
      ...guarded,
      Arguments: anyTemplate,
      TimeoutSeconds: wholeNumberTemplate(1, longestSeconds),
      HeartbeatSeconds: wholeNumberTemplate(1, longestSeconds),
    },
  },
  Pass: { required: type, optional: { ...common, ...following } },
  Wait: {
    required: type,
    optional: { ...common, ...following, Seconds: wholeNumberTemplate(0, longestSeconds), Timestamp: textTemplate },
  },
  Choice: {
    required: { ...type, Choices: objectList },
    optional: { ...common, Default: text, Output: anyTemplate, Assign: assignments },
  },
  Succeed: { required: type, optional: { ...common, Output: anyTemplate } },
  Fail: { required: type, optional: { ...common, Error: textTemplate, Cause: textTemplate } },
  Map: {
    required: { ...type, ItemProcessor: objectValue },
    optional: {
      ...common,
      ...following,
      ...guarded,
      Items: anyTemplate,
      ItemSelector: anyTemplate,
      MaxConcurrency: wholeNumberTemplate(0, longestSeconds),
    },
  },
  Parallel: {
    required: { ...type, Branches: objectList },
    optional: { ...common, ...following, ...guarded, Arguments: anyTemplate },
  },
};

/** The fields of one rule of Choices. */
export const choiceRuleFields: FieldTable = {
  required: { Condition: condition, Next: text },
  optional: { Output: anyTemplate, Assign: assignments, Comment: text },
};

/** The fields of one rule of Retry. */
export const retrierFields: FieldTable = {
  required: { ErrorEquals: textList },
  optional: {
    IntervalSeconds: wholeNumber(1, longestSeconds),
    MaxAttempts: wholeNumber(0, longestSeconds),
    BackoffRate: (value: Json) =>
      typeof value === 'number' && value >= 1 ? undefined : 'a number from 1.0 on is needed',
    MaxDelaySeconds: wholeNumber(1, 31_622_400),
    JitterStrategy: oneOf('FULL', 'NONE'),
    Comment: text,
  },
};

/** The fields of one rule of Catch. */
export const catcherFields: FieldTable = {
  required: { ErrorEquals: textList, Next: text },
  optional: { Output: anyTemplate, Assign: assignments, Comment: text },
};

const program = { StartAt: text, States: objectValue };

/** The fields of a branch of a Parallel. */
export const branchFields: FieldTable = { required: program, optional: { Comment: text } };

/** The fields of a Map's processor; `Mode: INLINE` is all that ProcessorConfig may say. */
export const processorFields: FieldTable = {
  required: program,
  optional: {
    Comment: text,
    ProcessorConfig: (value: Json) =>
      JSON.stringify(value) === '{"Mode":"INLINE"}' ? undefined : 'only {"Mode": "INLINE"} is supported',
  },
};

/** The fields of a whole definition. */
export const machineFields: FieldTable = {
  required: program,
  optional: {
    Comment: text,
    Version: oneOf('1.0'),
    QueryLanguage: oneOf('JSONata', 'JSONPath'),
    TimeoutSeconds: wholeNumber(1, longestSeconds),
  },
};
