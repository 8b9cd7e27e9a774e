import { ownershipOf } from '../../kafka/owned-property.ts';
import { propertyNameOf } from '../../kafka/property-name.ts';
import { pointerOf, type Refusal } from '../../refusal.ts';

/** Some properties are Warden's own, or cannot work with what it deploys. */
export function kafkaPropertyIsTheUsers(option: string, value: unknown): readonly Refusal[] {
  const ownership = ownershipOf(propertyNameOf(option));
  if (ownership === undefined) return [];
  return [
    {
      pointer: pointerOf('kafka', option),
      value,
      message: `${propertyNameOf(option)} cannot be set: ${ownership.reason}`,
      allowed: 'properties that are left to the users',
      hint: ownership.hint ?? 'leave it out',
    },
  ];
}
