import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../core/aws-error.ts';
import { readScalar } from './scalar.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts';

const PARSER = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  removeNSPrefix: true,
  trimValues: false,
  // An element that holds elements keeps the white space between them out of the way under this name.
  textNodeName: '#text',
});

/**
 * Reads an XML document whose root element is the shape. What does not fit is passed on for checkValue to name.
 * @throws MalformedXML
 */
export function readXmlDocument(shape: Shape, xml: string): unknown {
  const document = parse(xml);
  const root = Object.keys(document).find((key) => key !== '#text' && !key.startsWith('?'));
  if (root === undefined) throw new AwsError('MalformedXML', 'The body has no root element');
  return readElement({ name: root, required: true, traits: {}, shape }, document[root]);
}

function parse(xml: string): Record<string, unknown> {
  try {
    return PARSER.parse(xml, true);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('MalformedXML', `The body is not well-formed XML: ${reason}`);
  }
}

function readElement(member: Member, element: unknown): unknown {
  const { shape } = member;
  switch (shape.type) {
    case 'structure':
      return readStructure(shape, element);
    case 'list':
      return readList(shape, member, element);
    case 'map':
      return readMap(shape, member, element);
    default:
      return readScalar(shape, textOf(element));
  }
}

function readStructure(shape: StructureShape, element: unknown): unknown {
  const members = new Map([...shape.members.values()].map((member) => [localName(member), member]));
  const read: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(childrenOf(element))) {
    const member = members.get(name);
    read[member?.name ?? name] = member === undefined ? child : readElement(member, child);
  }
  return read;
}

function readList(shape: ListShape, member: Member, element: unknown): unknown[] {
  const isFlat = member.traits.xmlFlattened !== undefined;
  const items = isFlat ? element : childrenOf(element)[shape.element.traits.xmlName ?? 'member'];
  if (items === undefined) return [];
  return (Array.isArray(items) ? items : [items]).map((item) => readElement(shape.element, item));
}

function readMap(shape: MapShape, member: Member, element: unknown): unknown {
  const isFlat = member.traits.xmlFlattened !== undefined;
  const entries = isFlat ? element : childrenOf(element)['entry'];
  const list: readonly unknown[] = entries === undefined ? [] : Array.isArray(entries) ? entries : [entries];
  return Object.fromEntries(
    list.map((entry) => {
      const children = childrenOf(entry);
      const key = textOf(children[shape.key.traits.xmlName ?? 'key']);
      return [key, readElement(shape.value, children[shape.value.traits.xmlName ?? 'value'])];
    }),
  );
}

function localName({ name, traits }: Member): string {
  return (traits.xmlName ?? name).replace(/^.*:/, '');
}

function childrenOf(element: unknown): Readonly<Record<string, unknown>> {
  if (typeof element !== 'object' || element === null) return {};
  const { '#text': _whiteSpace, ...children } = element as Record<string, unknown>;
  return children;
}

function textOf(element: unknown): string {
  if (typeof element === 'object' && element !== null)
    return textOf((element as Record<string, unknown>)['#text'] ?? '');
  return String(element ?? '');
}
