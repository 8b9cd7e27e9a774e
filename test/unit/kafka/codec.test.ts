import { describe, expect, test } from '@jest/globals';
import { messageDefinitions } from '../../../lib/kafka/messages/message-definitions.ts';
import { decodeMessage } from '../../../lib/kafka/protocol/decode-message.ts';
import { encodeMessage } from '../../../lib/kafka/protocol/encode-message.ts';
import { encodeRequestFrame, skipHeaderTags } from '../../../lib/kafka/protocol/message-headers.ts';

/** Bytes as the protocol guide lays them out, written by hand: hex, with spaces between the members. */
function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

const { ApiVersions, CreateTopics, DescribeCluster, DescribeQuorum, DescribeTopicPartitions, Metadata } =
  messageDefinitions;
const { AddRaftVoter, ElectLeaders } = messageDefinitions;

describe('requests', () => {
  test('in an old version have fixed lengths', () => {
    // Two names: array length int32, string length int16; then the flag of version 4.
    const request = { topics: [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'a' }], allowAutoTopicCreation: false };
    expect(encodeMessage(Metadata.request, 4, request)).toEqual(bytes('00000001 0001 61 00'));
  });

  test('write null as length -1, in compact form as 0', () => {
    const request = { electionType: 0, topicPartitions: null, timeoutMs: 1000 };
    expect(encodeMessage(ElectLeaders.request, 1, request)).toEqual(bytes('00 ffffffff 000003e8'));
    expect(encodeMessage(ElectLeaders.request, 2, request)).toEqual(bytes('00 00 000003e8 00'));
  });

  test('in a flexible version have compact lengths and end each struct with its tags', () => {
    const request = {
      clusterId: null,
      timeoutMs: 5,
      voterId: 1001,
      voterDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAQ',
      listeners: [{ name: 'C', host: 'h', port: 65535 }],
    };
    expect(encodeMessage(AddRaftVoter.request, 1, request)).toEqual(
      bytes('00 00000005 000003e9 00000000000000000000000000000001 02 0243 0268 ffff 00 01 00'),
    );
  });

  test('say in a byte whether a nullable struct follows', () => {
    const request = { topics: [], responsePartitionLimit: 2000 };
    expect(encodeMessage(DescribeTopicPartitions.request, 0, { ...request, cursor: null })).toEqual(
      bytes('01 000007d0 ff 00'),
    );
    const cursor = { topicName: 'a', partitionIndex: 3 };
    expect(encodeMessage(DescribeTopicPartitions.request, 0, { ...request, cursor })).toEqual(
      bytes('01 000007d0 01 0261 00000003 00 00'),
    );
  });

  test('take the default of what is left out', () => {
    const request = { includeClusterAuthorizedOperations: false, includeFencedBrokers: true };
    // The endpoint type is 1 unless it is said.
    expect(encodeMessage(DescribeCluster.request, 2, request)).toEqual(bytes('00 01 01 00'));
  });

  test('are refused when the version cannot carry a member that is set', () => {
    const request = { includeClusterAuthorizedOperations: false, includeFencedBrokers: true };
    expect(() => encodeMessage(DescribeCluster.request, 1, request)).toThrow(
      'version 1 of the request has no member includeFencedBrokers',
    );
    expect(encodeMessage(DescribeCluster.request, 1, { ...request, includeFencedBrokers: false })).toEqual(
      bytes('00 01 00'),
    );
  });

  test('are refused with members and values that no version has', () => {
    expect(() => encodeMessage(DescribeCluster.request, 1, { brokers: 1 })).toThrow(
      'the message has no member brokers',
    );
    const request = { clusterId: null, timeoutMs: 5, voterId: 1, listeners: [] };
    expect(() => encodeMessage(AddRaftVoter.request, 0, { ...request, voterDirectoryId: 'short' })).toThrow(
      '"short" is no Kafka UUID',
    );
    expect(() => encodeMessage(AddRaftVoter.request, 0, { ...request, timeoutMs: '5' })).toThrow(
      'timeoutMs is "5", not int32',
    );
    expect(() => encodeMessage(AddRaftVoter.request, 0, { ...request, listeners: null })).toThrow(
      'listeners is null, not struct[]',
    );
  });

  test('are framed with length, header and body', () => {
    const request = { apiKey: 60, version: 2, correlationId: 7, clientId: 'w', flexible: true, body: bytes('aabb') };
    expect(encodeRequestFrame(request)).toEqual(bytes('0000000e 003c 0002 00000007 0001 77 00 aabb'));
    expect(encodeRequestFrame({ ...request, flexible: false })).toEqual(
      bytes('0000000d 003c 0002 00000007 0001 77 aabb'),
    );
  });
});

describe('responses', () => {
  test('in an old version are read by fixed lengths, and what it lacks has its default', () => {
    // Version 0 of ApiVersions: error, one api; no throttle time, no features.
    expect(decodeMessage(ApiVersions.response, 0, bytes('0000 00000001 0012 0000 0004'))).toEqual({
      errorCode: 0,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
      throttleTimeMs: 0,
      supportedFeatures: [],
      finalizedFeaturesEpoch: -1,
      finalizedFeatures: [],
      zkMigrationReady: false,
    });
  });

  test('with tags are read, and unknown tags skipped', () => {
    // Tags: 1 (epoch, int64), 2 (one feature: "kv", max 1, min 1), 99 (unknown).
    const body = bytes(`0000 01 00000000
      03 01 08 0000000000000009 02 09 02 03 6b76 0001 0001 00 63 02 ffff`);
    expect(decodeMessage(ApiVersions.response, 3, body)).toMatchObject({
      apiKeys: [],
      finalizedFeaturesEpoch: 9,
      finalizedFeatures: [{ name: 'kv', maxVersionLevel: 1, minVersionLevel: 1 }],
    });
  });

  test('with structs, 64-bit numbers and UUIDs are read', () => {
    const body = bytes(`0000 00
      02 02 6d 02 00000000 0000 00 000003e8 00000005 0000000000000100
        02 000003e8 000000000000000000000000000000ff 00000000000000ff ffffffffffffffff 0000019ab3c4d5e6 00
        01 00 00
      01 00`);
    const voter = {
      replicaId: 1000,
      replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAA_w',
      logEndOffset: 255,
      lastFetchTimestamp: -1,
      lastCaughtUpTimestamp: 1763952612838,
    };
    const partition = {
      partitionIndex: 0,
      errorCode: 0,
      errorMessage: null,
      leaderId: 1000,
      leaderEpoch: 5,
      highWatermark: 256,
      currentVoters: [voter],
      observers: [],
    };
    expect(decodeMessage(DescribeQuorum.response, 2, body)).toEqual({
      errorCode: 0,
      errorMessage: null,
      topics: [{ topicName: 'm', partitions: [partition] }],
      nodes: [],
    });
  });

  test('with null where no null may be are refused', () => {
    // The name of a created topic is never null.
    expect(() => decodeMessage(CreateTopics.response, 2, bytes('00000000 00000001 ffff 0000 ffff'))).toThrow(
      'name is null',
    );
  });

  test('that end early, go on or lie about lengths are refused', () => {
    const decode = (hex: string) => () => decodeMessage(ApiVersions.response, 0, bytes(hex));
    expect(decode('0000 00000001 0012')).toThrow('2 bytes are announced, 0 are left');
    expect(decode('0000 00000000 ff')).toThrow('1 bytes follow the end of the message');
    expect(decode('0000 7fffffff 0012 0000 0004')).toThrow('apiKeys announces 2147483647 elements, 6 bytes are left');
    expect(decode('0000 fffffffe')).toThrow('a length is -2');
    const flexible = (hex: string) => () => decodeMessage(ApiVersions.response, 3, bytes(hex));
    expect(flexible('0000 ffffffffffff')).toThrow('more than 5 bytes');
  });

  test('with text that is no UTF-8 or numbers that no offset reaches are refused', () => {
    const badText = '00000000 00000001 0001 ff 0000 ffff';
    expect(() => decodeMessage(CreateTopics.response, 2, bytes(badText))).toThrow('not UTF-8');
    const badEpoch = '0000 01 00000000 01 01 08 7fffffffffffffff';
    expect(() => decodeMessage(ApiVersions.response, 3, bytes(badEpoch))).toThrow(
      '9223372036854775807 is out of range',
    );
  });

  test('may have tags in their header, which are skipped', () => {
    expect(skipHeaderTags(bytes('00 aabb'))).toEqual(bytes('aabb'));
    expect(skipHeaderTags(bytes('01 05 02 ffff aabb'))).toEqual(bytes('aabb'));
  });
});
