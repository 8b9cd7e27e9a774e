/** Why a node is restarted. The list is closed: each restart carries its reasons. */
export type RestartReason =
  /** A property of its file that Kafka only reads when it starts. */
  | { readonly type: 'property'; readonly name: string }
  /** An option of its section that is no property: cpus, mem, heap … */
  | { readonly type: 'option'; readonly pointer: string }
  | { readonly type: 'version'; readonly from: string; readonly to: string }
  | { readonly type: 'operator'; readonly requestedBy: string };

/** What an update does to one node. */
export type NodeChange =
  /** It does not run: it is started into the target config. */
  | { readonly type: 'start' }
  | { readonly type: 'restart'; readonly reasons: readonly RestartReason[] }
  /** Kafka takes these properties while it runs. */
  | { readonly type: 'dynamic'; readonly properties: readonly string[] }
  | { readonly type: 'none' };
