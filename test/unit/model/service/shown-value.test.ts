import { describe, expect, test } from '@jest/globals';
import { shownValue } from '../../../../lib/model/service/shown-value.ts';

describe('a value is hidden', () => {
  test.each([
    // In the spelling of Kafka's own documents, which is refused.
    '/kafka/ssl.keystore.key',
    '/kafka/ssl_keystore_key',
    '/kafka/SSL.KEYSTORE.KEY',
    '/kafka/ssl_keystore_certificate_chain',
    '/kafka/ssl.truststore.certificates',
    // Of Kafka 3.9.2 alone, and of 4.3.1 alone.
    '/kafka/delegation_token_master_key',
    '/kafka/delegation.token.master.key',
    '/kafka/password_encoder_old_secret',
    '/kafka/sasl_oauthbearer_assertion_private_key_passphrase',
    // No version knows these.
    '/kafka/listener.name.internal.ssl.keystore.key',
    '/kafka/listener_name_internal_plain_sasl_jaas_config',
    '/kafka/ssl_keystor_password',
    '/kafka/my-private-key',
    '/service/keytab_passphrase',
    '/sslPrivateKey',
  ])('at %s', (pointer) => {
    expect(shownValue(pointer, 'hunter2')).toBe('(hidden)');
    expect(shownValue(pointer, ['hunter2'])).toBe('(hidden)');
  });

  test('inside of a value of another name', () => {
    const value = { kafka: { 'ssl.keystore.key': 'hunter2', num_partitions: 3 }, list: [{ secret: 'hunter2' }] };
    expect(shownValue('/options', value)).toEqual({
      kafka: { 'ssl.keystore.key': '(hidden)', num_partitions: 3 },
      list: [{ secret: '(hidden)' }],
    });
  });
});

describe('a value is shown', () => {
  test.each([
    '/kafka/num_partitions',
    '/kafka/ssl_keystore_location',
    '/kafka/ssl_keystore_type',
    // Kafka defines it as a number.
    '/kafka/password_encoder_iterations',
    '/kafka/sasl.oauthbearer.assertion.private.key.file',
    '/kafka/log_cleaner_key',
    '/brokers/count',
  ])('at %s', (pointer) => {
    expect(shownValue(pointer, 'clear')).toBe('clear');
  });
});
