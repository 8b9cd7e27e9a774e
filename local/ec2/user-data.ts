/** What the ECS agent's configuration says, as user data writes it to /etc/ecs/ecs.config. */
export interface AgentConfiguration {
  readonly cluster: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads ECS_CLUSTER and ECS_INSTANCE_ATTRIBUTES; the script itself is not run. */
export function parseUserData(text: string): AgentConfiguration {
  const cluster = /ECS_CLUSTER=["']?([\w-]+)/.exec(text)?.[1] ?? 'default';
  const attributes = /ECS_INSTANCE_ATTRIBUTES=(\{[^}]*\})/.exec(text)?.[1];
  if (attributes === undefined) return { cluster, attributes: {} };
  return { cluster, attributes: JSON.parse(attributes.replaceAll('\\"', '"')) as Readonly<Record<string, string>> };
}
