import { writeScalar } from './scalar.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts';

/** Writes the members of a checked structure as XML elements, without an element around them. */
export function writeXmlMembers(shape: Shape, value: unknown): string {
  return shape.type === 'structure' ? writeMembers(shape, asRecord(value)) : '';
}

/** One element with text inside. */
export function xmlElement(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

export function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\r', '&#xD;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand in XML 1.0, not even escaped
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
  );
}

function writeMembers(shape: StructureShape, value: Readonly<Record<string, unknown>>): string {
  let written = '';
  for (const member of shape.members.values()) {
    const item = value[member.name];
    if (item === undefined || item === null || member.traits.xmlAttribute !== undefined) continue;
    written += writeMember(member, member.traits.xmlName ?? member.name, item);
  }
  return written;
}

/** Writes a structure's member (or a list's element, a map's value) as an element with the given name. */
function writeMember(member: Member, name: string, value: unknown): string {
  const shape = member.shape;
  switch (shape.type) {
    case 'structure':
      return `<${name}${writeAttributes(member, asRecord(value))}>${writeMembers(shape, asRecord(value))}</${name}>`;
    case 'list':
      return writeList(shape, name, { member, value });
    case 'map':
      return writeMap(shape, name, { member, value });
    default:
      return xmlElement(name, writeScalar(shape, value, 'date-time'));
  }
}

interface Written {
  readonly member: Member;
  readonly value: unknown;
}

function writeList(shape: ListShape, name: string, { member, value }: Written): string {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const isFlat = member.traits.xmlFlattened !== undefined;
  const itemName = isFlat ? name : (shape.element.traits.xmlName ?? 'member');
  const written = items.map((item) => writeMember(shape.element, itemName, item)).join('');
  return isFlat ? written : `<${name}>${written}</${name}>`;
}

function writeMap(shape: MapShape, name: string, { member, value }: Written): string {
  const isFlat = member.traits.xmlFlattened !== undefined;
  const entryName = isFlat ? name : 'entry';
  const written = Object.entries(asRecord(value))
    .filter(([, item]) => item !== undefined && item !== null)
    .map(([key, item]) => {
      const keyElement = xmlElement(shape.key.traits.xmlName ?? 'key', key);
      const valueElement = writeMember(shape.value, shape.value.traits.xmlName ?? 'value', item);
      return `<${entryName}>${keyElement}${valueElement}</${entryName}>`;
    })
    .join('');
  return isFlat ? written : `<${name}>${written}</${name}>`;
}

/** S3's Grantee carries its type as an attribute in a namespace of its own. */
function writeAttributes(member: Member, value: Readonly<Record<string, unknown>>): string {
  if (member.shape.type !== 'structure') return '';
  const namespace = member.traits.xmlNamespace;
  const declared = namespace === undefined ? '' : ` xmlns:${namespace[0]}="${escapeXml(namespace[1])}"`;
  const attributes = [...member.shape.members.values()].filter(
    (attribute) => attribute.traits.xmlAttribute !== undefined && value[attribute.name] !== undefined,
  );
  const written = attributes.map(
    (attribute) => ` ${attribute.traits.xmlName ?? attribute.name}="${escapeXml(String(value[attribute.name]))}"`,
  );
  return declared + written.join('');
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
