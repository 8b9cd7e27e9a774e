import { AwsError } from '../core/aws-error.ts';
import { readScalar } from './scalar.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts';

/** EC2 spells members and lists otherwise than the other query services. */
export type QueryDialect = 'awsQuery' | 'ec2Query';

/** The parameters of a request as a tree: `A.B.1=x` is { A: { B: { 1: x } } }. */
interface Node {
  readonly key: string;
  text?: string;
  readonly children: Map<string, Node>;
}

/**
 * Reads the form parameters of a query request, the inverse of the SDK's serializer.
 * @throws UnknownParameter for a parameter that is no member.
 */
export function readQuery(shape: Shape, parameters: URLSearchParams, dialect: QueryDialect): unknown {
  const root: Node = { key: '', children: new Map() };
  for (const [key, text] of parameters) if (key !== 'Action' && key !== 'Version') insert(root, key, text);
  if (shape.type !== 'structure') {
    for (const child of root.children.values()) throw unknownParameter(child);
    return {};
  }
  return readStructure(shape, root, dialect);
}

function insert(root: Node, key: string, text: string): void {
  let node = root;
  for (const part of key.split('.')) {
    const child = node.children.get(part) ?? {
      key: node.key === '' ? part : `${node.key}.${part}`,
      children: new Map(),
    };
    node.children.set(part, child);
    node = child;
  }
  node.text = text;
}

function readNode(member: Member, node: Node, dialect: QueryDialect): unknown {
  const shape = member.shape;
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, node, dialect);
    case 'list':
      return readList(shape, node, { member, dialect });
    case 'map':
      return readMap(shape, node, { member, dialect });
    default:
      for (const child of node.children.values()) throw unknownParameter(child);
      return readScalar(shape, node.text ?? '');
  }
}

function readStructure(shape: StructureShape, node: Node, dialect: QueryDialect): unknown {
  const members = new Map([...shape.members.values()].map((member) => [queryName(member, dialect), member]));
  const read: Record<string, unknown> = {};
  for (const [key, child] of node.children) {
    const member = members.get(key);
    if (member === undefined) throw unknownParameter(child);
    read[member.name] = readNode(member, child, dialect);
  }
  return read;
}

interface Within {
  readonly member: Member;
  readonly dialect: QueryDialect;
}

function readList(shape: ListShape, node: Node, { member, dialect }: Within): unknown[] {
  // An empty list is written as the bare name.
  if (node.children.size === 0) return [];
  const isFlat = dialect === 'ec2Query' || member.traits.xmlFlattened !== undefined;
  const items = isFlat ? node : onlyChild(node, shape.element.traits.xmlName ?? 'member');
  return inOrder(items).map((item) => readNode(shape.element, item, dialect));
}

function readMap(shape: MapShape, node: Node, { member, dialect }: Within): unknown {
  if (node.children.size === 0) return {};
  const entries = member.traits.xmlFlattened === undefined ? onlyChild(node, 'entry') : node;
  const keyName = shape.key.traits.xmlName ?? 'key';
  const valueName = shape.value.traits.xmlName ?? 'value';
  return Object.fromEntries(
    inOrder(entries).map((entry) => {
      const value = entry.children.get(valueName);
      const read = value === undefined ? '' : readNode(shape.value, value, dialect);
      return [entry.children.get(keyName)?.text ?? '', read];
    }),
  );
}

function inOrder(node: Node): Node[] {
  const numbered = [...node.children].map(([key, child]) => ({ index: Number(key), child }));
  for (const { index, child } of numbered) if (!Number.isInteger(index) || index < 1) throw unknownParameter(child);
  return numbered.sort((a, b) => a.index - b.index).map(({ child }) => child);
}

function onlyChild(node: Node, name: string): Node {
  for (const [key, child] of node.children) if (key !== name) throw unknownParameter(child);
  return node.children.get(name) ?? node;
}

function queryName(member: Member, dialect: QueryDialect): string {
  const { ec2QueryName, xmlName } = member.traits;
  if (dialect === 'awsQuery') return xmlName ?? member.name;
  const name = ec2QueryName ?? xmlName ?? member.name;
  return ec2QueryName === undefined ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
}

function unknownParameter(node: Node): AwsError {
  const [first] = node.children.values();
  const key = first === undefined || node.text !== undefined ? node.key : first.key;
  return new AwsError('UnknownParameter', `The parameter ${key} is not recognized`);
}
