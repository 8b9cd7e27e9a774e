import { describe, expect, test } from '@jest/globals';
import { rewritePaths } from '../../../../local/agent/rewrite-paths.ts';

const RULES = [
  { from: '/opt/kafka', to: '/opt-folder/image/kafka' },
  { from: '/var/lib/kafka/data', to: '/volumes/vol-1/data' },
];

function textOf(text: string): string {
  return rewritePaths(text, RULES).text;
}

function foreignIn(text: string): readonly string[] {
  return rewritePaths(text, RULES).foreign;
}

describe('paths of the image and of mount points', () => {
  test('are rewritten wherever a path can begin', () => {
    expect(textOf('/opt/kafka/bin/kafka-topics.sh')).toBe('/opt-folder/image/kafka/bin/kafka-topics.sh');
    expect(textOf('data=/var/lib/kafka/data')).toBe('data=/volumes/vol-1/data');
    expect(textOf('exec "/opt/kafka/bin/x" \'/opt/kafka\'')).toBe(
      'exec "/opt-folder/image/kafka/bin/x" \'/opt-folder/image/kafka\'',
    );
    expect(textOf('-Dfile=file:///opt/kafka/config/a.yaml')).toBe(
      '-Dfile=file:///opt-folder/image/kafka/config/a.yaml',
    );
    expect(textOf('cat </var/lib/kafka/data/x>/var/lib/kafka/data/y')).toBe(
      'cat </volumes/vol-1/data/x>/volumes/vol-1/data/y',
    );
  });

  test('are left alone in names that only begin alike, in variables and in URLs', () => {
    for (const text of ['$HOME/opt/kafka', 'http://host/opt/kafka', 'a/opt/kafka', '"$DATA"/opt'])
      expect(textOf(text)).toBe(text);
    expect(foreignIn('/opt/kafka2/bin')).toEqual(['/opt/kafka2/bin']);
  });

  test('prefer the longest rule', () => {
    const rules = [...RULES, { from: '/opt/kafka/config', to: '/mounted' }];
    expect(rewritePaths('/opt/kafka/config/a /opt/kafka/bin', rules).text).toBe(
      '/mounted/a /opt-folder/image/kafka/bin',
    );
  });
});

describe('other absolute paths', () => {
  test('are told', () => {
    expect(foreignIn('cp /etc/passwd /tmp/x; rm -rf /*')).toEqual(['/etc/passwd', '/tmp/x', '/*']);
  });

  test('are allowed when every machine has them', () => {
    const text = '/bin/bash -c "exec 3<>/dev/tcp/127.0.0.1/9092 2>/dev/null; cat /proc/self/stat; /usr/bin/env"';
    expect(foreignIn(text)).toEqual([]);
    expect(textOf(text)).toBe(text);
  });

  test('do not hide in base64, URLs, divisions or sed programs', () => {
    expect(foreignIn('H4sIAAAA/8tIzcnJBwCGphA2BQAAAA==')).toEqual([]);
    expect(foreignIn('PLAINTEXT://0.0.0.0:9092,CONTROLLER://c0:9093')).toEqual([]);
    expect(foreignIn('echo $((memory / 2)); sed s/a/b/ x')).toEqual([]);
  });
});
