import { describe, expect, test } from '@jest/globals';
import { resolveUpdate } from '../../../../lib/model/service/update/resolve-update.ts';
import { storedConfig } from './stored-config.ts';

describe('an update of a service of one node, its own controller,', () => {
  const stored = storedConfig({ brokers: { count: 1 } });

  test.each([
    ['its memory', { brokers: { mem: 4096 } }],
    ['a property', { kafka: { log_retention_hours: 1 } }],
    ['the mode that it has', { controllers: { mode: 'combined' } }],
    ['the section of controllers, with nothing in it', { controllers: {} }],
    ['the controllers as they are shown', { controllers: stored.options.controllers }],
  ])('is taken for %s', (_, given) => {
    const result = resolveUpdate({ stored, given, replace: false });
    expect(result.type === 'resolved' && result.config.options.controllers).toEqual(stored.options.controllers);
  });

  const countSentence = 'brokers.count cannot become more (from 1 to 3): the one broker is the controller too';
  const modeSentence =
    'controllers.mode cannot change (from combined to dedicated): where the metadata is kept is decided at install';

  test.each([
    ['more brokers', { brokers: { count: 3 } }, [countSentence]],
    ['the other mode', { controllers: { mode: 'dedicated' } }, [modeSentence]],
    ['both', { brokers: { count: 3 }, controllers: { mode: 'dedicated' } }, [countSentence, modeSentence]],
    [
      'controllers of its own',
      { controllers: { count: 3 } },
      ['controllers.count cannot change (from 0 to 3): the size of the quorum is decided at install'],
    ],
    [
      'an option that has no effect',
      { controllers: { mem: 1024 } },
      ['controllers.mem has no effect in combined mode: the broker is the controller'],
    ],
  ])('is refused for %s, and for that alone', (_, given, sentences) => {
    const result = resolveUpdate({ stored, given, replace: false });
    expect(result.type === 'refused' && result.refusals.map(({ message }) => message)).toEqual(sentences);
  });

  test('speaks of more brokers in the words of the guides', () => {
    const result = resolveUpdate({ stored, given: { brokers: { count: 3 } }, replace: false });
    expect(result.type === 'refused' && result.errors).toEqual([
      {
        inBlocks: 'Validation error on field "BROKER_COUNT": Increasing this value (from 1 to 3) is not supported.',
        inSteps:
          "Field: 'PodSpec[name:kafka]'; Transition: '1' => '3'; Message: 'New config's PodSpec named 'kafka' has 3 tasks, expected 1 tasks'; Fatal: false",
      },
    ]);
  });
});
