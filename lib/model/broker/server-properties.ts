import { kafkaDefinitions } from '../kafka/definitions.ts';
import { type NodeId, type NodeRole, roleOf } from '../node.ts';
import { kafkaVersionOf, type ServiceConfig } from '../service/config.ts';
import { effectiveKafkaProperties } from '../service/kafka-defaults.ts';

/** What the file of one node is made of. */
export interface ServerPropertiesInput {
  readonly config: ServiceConfig;
  readonly nodeId: NodeId;
  /** Where the node binds: its host's address. */
  readonly address: string;
  /** What it advertises; absent: the address. */
  readonly name?: string;
  /** The zone of the node's host. */
  readonly rack: string;
  /** By name or address, as they advertise themselves. */
  readonly controllers: readonly { readonly nodeId: NodeId; readonly address: string }[];
}

/**
 * server.properties of a node without log.dirs, which the start command adds.
 * The quorum is named by bootstrap servers, never by voters: voters join one by one and are kept by Kafka itself.
 * A controller's file carries the brokers' Kafka options too, since it is the controller that reads some of them.
 */
export function serverProperties(input: ServerPropertiesInput): Readonly<Record<string, string>> {
  const { options } = input.config;
  const isCombined = options.controllers.mode === 'combined';
  const roles = isCombined ? (['broker', 'controller'] as const) : [roleOf(input.nodeId)];
  return asText({
    ...effectiveKafkaProperties(options, kafkaDefinitions(kafkaVersionOf(input.config.packageVersion))),
    ...identity(input, roles),
    ...(roles.includes('broker') ? { 'broker.rack': input.rack } : {}),
  });
}

function identity(input: ServerPropertiesInput, roles: readonly NodeRole[]): Readonly<Record<string, string | number>> {
  const { brokers, controllers } = input.config.options;
  const { port } = controllers;
  const listenerOf = (role: NodeRole, host: string) =>
    role === 'broker' ? `PLAINTEXT://${host}:${brokers.port}` : `CONTROLLER://${host}:${port}`;
  const listenersAt = (host: string) => roles.map((role) => listenerOf(role, host)).join(',');
  return {
    'process.roles': roles.join(','),
    'node.id': input.nodeId,
    'controller.quorum.bootstrap.servers': input.controllers.map(({ address }) => `${address}:${port}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: listenersAt(input.address),
    'advertised.listeners': listenersAt(input.name ?? input.address),
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  };
}

function asText(properties: Readonly<Record<string, string | number | boolean>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]));
}
