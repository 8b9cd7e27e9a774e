import { describe, expect, test } from '@jest/globals';
import type { Refusal } from '../../../../lib/model/refusal.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { durationSeconds } from '../../../../lib/model/service/duration.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';
import { mergeOptions } from '../../../../lib/model/service/update/merge-options.ts';

const version = '1.0.0-4.3.1';

function refusals(document: unknown): readonly Refusal[] {
  const result = resolveOptions(document, version);
  return result.type === 'refused' ? result.refusals : [];
}

function storedConfig(document: unknown): ServiceConfig {
  const result = resolveOptions(document, version);
  if (result.type === 'refused') throw new Error(JSON.stringify(result.refusals));
  return { id: 'config-1', packageVersion: version, options: result.options };
}

describe('a duration', () => {
  test.each([
    ['30s', 30],
    ['2m', 120],
    ['3h', 10_800],
    ['1d', 86_400],
    ['0s', 0],
  ])('%s has %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  test.each(['', '30', 's', '30 s', '1h30m', '1.5m', '-1s', '30S', '100ms', '30s\n', '1234567890s'])(
    'is not %j',
    (text) => {
      expect(durationSeconds(text)).toBeUndefined();
    },
  );
});

describe('the options of failover', () => {
  test('are kept as they are written, tries only when they are given', () => {
    const { options } = storedConfig({
      brokers: { failover_delay: '1m', failover_max_delay: '1m', failover_max_tries: 4 },
      controllers: { failover_delay: '24h', failover_max_delay: '1d' },
    });
    expect(options.brokers).toMatchObject({ failover_delay: '1m', failover_max_delay: '1m', failover_max_tries: 4 });
    expect(options.controllers).toMatchObject({ failover_delay: '24h', failover_max_delay: '1d' });
    expect(options.controllers).not.toHaveProperty('failover_max_tries');
    expect(resolveOptions(options, version)).toEqual({ type: 'resolved', options });
  });

  test.each([
    [{ brokers: { failover_delay: 30 } }, '/brokers/failover_delay', 'Failover delay must be a text, not 30'],
    [
      { brokers: { failover_delay: '30' } },
      '/brokers/failover_delay',
      'Failover delay must be a whole number with one unit, s, m, h or d, not "30"',
    ],
    [
      { controllers: { failover_max_delay: 'soon' } },
      '/controllers/failover_max_delay',
      'Longest failover delay must be a whole number with one unit, s, m, h or d, not "soon"',
    ],
    [
      { brokers: { failover_delay: '0s' } },
      '/brokers/failover_delay',
      'Failover delay must be from 1s to 24h, not "0s"',
    ],
    [
      { brokers: { failover_max_delay: '25h' } },
      '/brokers/failover_max_delay',
      'Longest failover delay must be from 1s to 24h, not "25h"',
    ],
    [
      { brokers: { failover_delay: '2m' } },
      '/brokers/failover_max_delay',
      'the longest failover delay (60s) must not be shorter than the failover delay (2m)',
    ],
    [
      { controllers: { failover_delay: '10s', failover_max_delay: '9s' } },
      '/controllers/failover_max_delay',
      'the longest failover delay (9s) must not be shorter than the failover delay (10s)',
    ],
    [
      { brokers: { failover_max_tries: 0 } },
      '/brokers/failover_max_tries',
      'Failover tries must be from 1 to 1000, not 0',
    ],
    [
      { brokers: { failover_max_tries: 2.5 } },
      '/brokers/failover_max_tries',
      'Failover tries must be an integer, not 2.5',
    ],
    [
      { brokers: { count: 1 }, controllers: { mode: 'combined', failover_max_tries: 2 } },
      '/controllers/failover_max_tries',
      'controllers.failover_max_tries has no effect in combined mode: the broker is the controller',
    ],
  ])('refuse %j at %s: %s', (document, pointer, message) => {
    expect(refusals(document)).toMatchObject([{ pointer, message }]);
  });

  test('say what to write for the tries that are none', () => {
    expect(refusals({ brokers: { failover_max_tries: 0 } })[0]?.hint).toBe('leave it out to try for ever');
  });

  test.each([
    [{ failoverDelay: '30s' }, 'write brokers.failover_delay'],
    [{ 'failover-max-delay': '30s' }, 'write brokers.failover_max_delay'],
    [{ '--failoverMaxTries': 3 }, 'write brokers.failover_max_tries'],
    [{ brokers: { failoverMaxDelay: '2m' } }, 'write brokers.failover_max_delay'],
    [{ brokers: { 'failover-max-tries': 3 } }, 'write brokers.failover_max_tries'],
    [{ service: { failover_delay: '30s' } }, 'write brokers.failover_delay'],
    [{ controllers: { failoverDelay: '30s' } }, 'write controllers.failover_delay'],
    [{ controllers: { failoverMaxTries: 3 } }, 'write controllers.failover_max_tries'],
    [
      { brokers: { failover: { delay: '10s', maxDelay: '60s' } } },
      'write failover_delay, failover_max_delay and failover_max_tries of brokers or of controllers',
    ],
  ])('are named where %j is the spelling of mesos/kafka', (document, hint) => {
    const found = refusals(document);
    expect(found.map((refusal) => refusal.hint)).toEqual([hint]);
    expect(found[0]?.message).toContain('cannot be set: it is the spelling of mesos/kafka');
  });

  test('stay as stored in an update, and tries go with null', () => {
    const stored = storedConfig({ brokers: { failover_delay: '30s', failover_max_tries: 3 } });
    const merge = { stored, replace: false, kept: new Set<string>() };
    expect(mergeOptions({}, merge)).toMatchObject({ brokers: { failover_delay: '30s', failover_max_tries: 3 } });
    const without = resolveOptions(mergeOptions({ brokers: { failover_max_tries: null } }, merge), version);
    expect(without.type).toBe('resolved');
    expect(without.type === 'resolved' && without.options.brokers).toMatchObject({ failover_delay: '30s' });
    expect(without.type === 'resolved' && 'failover_max_tries' in without.options.brokers).toBe(false);
  });
});
