import { describe, expect, test } from '@jest/globals';
import { matchesPattern, parseEventPattern } from '../../../../local/events/event-pattern.ts';

const EVENT = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:one', 'arn:two'],
  detail: {
    lastStatus: 'STOPPED',
    group: 'service:Kafka-0',
    version: 5,
    empty: '',
    nothing: null,
    flag: true,
    none: [],
    ip: '10.0.1.7',
    containers: [
      { name: 'broker', exitCode: 137 },
      { name: 'init', exitCode: 0, reason: 'done' },
    ],
    deep: { list: [['a'], ['b', 'c']] },
  },
};

const matches = (pattern: object): boolean => matchesPattern(parseEventPattern(JSON.stringify(pattern)), EVENT);

/** The behaviour that Event Ruler documents; the right column is whether EVENT matches. */
describe('a pattern matches as Event Ruler documents', () => {
  test.each<[string, object, boolean]>([
    ['exact text', { source: ['aws.ecs'] }, true],
    ['one of several', { source: ['aws.ec2', 'aws.ecs'] }, true],
    ['another text', { source: ['aws.ec2'] }, false],
    ['every field must match', { source: ['aws.ecs'], detail: { lastStatus: ['RUNNING'] } }, false],
    ['a missing field', { detail: { absent: ['x'] } }, false],
    ['a number', { detail: { version: [5] } }, true],
    ['a number equals in any notation', { detail: { version: [5.0] } }, true],
    ['a number is no text', { detail: { version: ['5'] } }, false],
    ['null', { detail: { nothing: [null] } }, true],
    ['empty text', { detail: { empty: [''] } }, true],
    ['a boolean', { detail: { flag: [true] } }, true],
    ['any element of an array', { resources: ['arn:two'] }, true],
    ['elements of nested arrays', { detail: { deep: { list: ['c'] } } }, true],
    ['a field of any object in an array', { detail: { containers: { name: ['init'] } } }, true],
    ['fields of the same object in an array', { detail: { containers: { name: ['broker'], exitCode: [137] } } }, true],
    ['fields of different objects in an array', { detail: { containers: { name: ['broker'], exitCode: [0] } } }, false],
    ['an object is no leaf', { detail: { deep: ['list'] } }, false],
    ['prefix', { source: [{ prefix: 'aws.' }] }, true],
    ['prefix of another text', { source: [{ prefix: 'ecs' }] }, false],
    ['prefix is for text', { detail: { version: [{ prefix: '5' }] } }, false],
    ['prefix ignoring case', { source: [{ prefix: { 'equals-ignore-case': 'AWS' } }] }, true],
    ['suffix', { source: [{ suffix: '.ecs' }] }, true],
    ['suffix ignoring case', { source: [{ suffix: { 'equals-ignore-case': 'ECS' } }] }, true],
    ['equals-ignore-case', { detail: { group: [{ 'equals-ignore-case': 'SERVICE:KAFKA-0' }] } }, true],
    ['wildcard', { detail: { group: [{ wildcard: 'service:*-0' }] } }, true],
    ['wildcard over the whole text', { detail: { group: [{ wildcard: 'service:*-' }] } }, false],
    ['wildcard with an escaped star', { detail: { group: [{ wildcard: 'service:\\*' }] } }, false],
    ['wildcard takes dots as they are', { source: [{ wildcard: 'aws.*s' }] }, true],
    ['anything-but text', { detail: { lastStatus: [{ 'anything-but': 'STOPPED' }] } }, false],
    ['anything-but another text', { detail: { lastStatus: [{ 'anything-but': 'RUNNING' }] } }, true],
    ['anything-but a list', { detail: { lastStatus: [{ 'anything-but': ['RUNNING', 'STOPPED'] }] } }, false],
    ['anything-but numbers', { detail: { version: [{ 'anything-but': [4, 6] }] } }, true],
    ['anything-but prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['anything-but prefixes', { source: [{ 'anything-but': { prefix: ['my.', 'your.'] } }] }, true],
    ['anything-but suffix', { source: [{ 'anything-but': { suffix: '.ecs' } }] }, false],
    ['anything-but wildcard', { source: [{ 'anything-but': { wildcard: '*ecs' } }] }, false],
    ['anything-but equals-ignore-case', { source: [{ 'anything-but': { 'equals-ignore-case': ['AWS.ECS'] } }] }, false],
    ['anything-but needs the field', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['anything-but by any element', { resources: [{ 'anything-but': 'arn:one' }] }, true],
    ['numeric =', { detail: { version: [{ numeric: ['=', 5] }] } }, true],
    ['numeric range', { detail: { version: [{ numeric: ['>', 4, '<=', 5] }] } }, true],
    ['numeric out of range', { detail: { version: [{ numeric: ['>', 0, '<', 5] }] } }, false],
    ['numeric is for numbers', { detail: { lastStatus: [{ numeric: ['>', 0] }] } }, false],
    ['exists', { detail: { lastStatus: [{ exists: true }] } }, true],
    ['exists for null', { detail: { nothing: [{ exists: true }] } }, true],
    ['exists for a missing field', { detail: { absent: [{ exists: true }] } }, false],
    ['exists for an empty array', { detail: { none: [{ exists: true }] } }, false],
    ['exists for an object, which is no leaf', { detail: { deep: [{ exists: true }] } }, false],
    ['absence', { detail: { absent: [{ exists: false }] } }, true],
    ['absence below a missing field', { detail: { absent: { below: [{ exists: false }] } } }, true],
    ['absence of a present field', { detail: { lastStatus: [{ exists: false }] } }, false],
    ['absence of a field that another element has', { detail: { containers: { reason: [{ exists: false }] } } }, false],
    ['absence or a value', { detail: { lastStatus: [{ exists: false }, 'STOPPED'] } }, true],
    ['cidr', { detail: { ip: [{ cidr: '10.0.0.0/16' }] } }, true],
    ['another cidr', { detail: { ip: [{ cidr: '10.1.0.0/16' }] } }, false],
    ['cidr of no address', { source: [{ cidr: '10.0.0.0/16' }] }, false],
    ['$or by one alternative', { $or: [{ source: ['x'] }, { detail: { version: [5] } }] }, true],
    ['$or by none', { $or: [{ source: ['x'] }, { detail: { version: [6] } }] }, false],
    ['$or beside a field', { source: ['x'], $or: [{ source: ['aws.ecs'] }, { detail: { version: [5] } }] }, false],
    ['$or below a field', { detail: { $or: [{ version: [6] }, { lastStatus: ['STOPPED'] }] } }, true],
    ['a name of Object.prototype is no field', { detail: { constructor: [{ exists: true }] } }, false],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });
});

describe('a malformed pattern is refused', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['nothing', '{}'],
    ['a value without a list', '{"source": "aws.ecs"}'],
    ['an empty list', '{"source": []}'],
    ['an empty object', '{"detail": {}}'],
    ['a list in a list', '{"source": [["a"]]}'],
    ['an unknown operator', '{"source": [{"regex": "a"}]}'],
    ['two operators in one', '{"source": [{"prefix": "a", "suffix": "b"}]}'],
    ['prefix of a number', '{"source": [{"prefix": 1}]}'],
    ['numeric without a number', '{"source": [{"numeric": [">", "1"]}]}'],
    ['an unknown comparison', '{"source": [{"numeric": ["!=", 1]}]}'],
    ['anything-but of mixed types', '{"source": [{"anything-but": ["a", 1]}]}'],
    ['two stars in a row', '{"source": [{"wildcard": "a**b"}]}'],
    ['a broken CIDR', '{"source": [{"cidr": "10.0.0.0/40"}]}'],
    ['$or of one', '{"$or": [{"source": ["a"]}]}'],
  ])('%s', (_, text) => {
    expect(() => parseEventPattern(text)).toThrow(expect.objectContaining({ name: 'InvalidEventPatternException' }));
  });
});
