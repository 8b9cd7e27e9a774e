import type { Refusal } from '../../refusal.ts';
import type { UpdateError } from '../../state.ts';
import type { ServiceConfig } from '../config.ts';
import { optionSchema } from '../option-schema.ts';
import { readSection } from '../read-section.ts';
import { resolveOptions } from '../resolve-options.ts';
import { resolvePlacement } from '../resolve-placement.ts';
import { shownValue } from '../shown-value.ts';
import { packageVersionIsSupported } from '../validate/package-version-is-supported.ts';
import { sectionIsAnObject } from '../validate/section-is-an-object.ts';
import type { Change, RefusedChange } from './change-rule.ts';
import { changeRules } from './change-rules.ts';
import { mergeOptions } from './merge-options.ts';
import { leaveOutTheVersion, packageVersionCannotChange } from './rules/package-version-cannot-change.ts';
import { changeError, keptErrors, valueError } from './update-error.ts';

export interface UpdateRequest {
  /** The target config of the service. */
  readonly stored: ServiceConfig;
  /** The options document; undefined is one without options. */
  readonly given: unknown;
  /** Everything that is not given goes back to its default, but for what a service has for life. */
  readonly replace: boolean;
  readonly packageVersion?: string;
}

export type ResolvedUpdate =
  | { readonly type: 'resolved'; readonly config: Omit<ServiceConfig, 'id'> }
  | {
      readonly type: 'refused';
      readonly refusals: readonly Refusal[];
      /** The same in the words of the guides; of very many, the first ones. */
      readonly errors: readonly UpdateError[];
    };

/**
 * The config that an update leads to: defaults ← stored ← given, all of it valid as for an install, and nothing
 * changed that stays for life. All refusals are answered at once. An update that changes nothing resolves to what
 * is stored. Source: DC/OS Kafka guides, updating a service.
 */
export function resolveUpdate({ stored, given, replace, packageVersion }: UpdateRequest): ResolvedUpdate {
  const merged = mergeOptions(given, { stored, replace, kept: new Set() });
  const version = packageVersion ?? stored.packageVersion;
  const changes = [...refusedChanges(stored, merged), ...packageVersionCannotChange(stored.packageVersion, version)];
  // What cannot change is set back, so that what is still refused is wrong by itself and not for its sake.
  const kept = new Set(changes.flatMap(({ pointer }) => (isPlacement(pointer) ? placementPointers : [pointer])));
  const settled = changes.length === 0 ? merged : mergeOptions(given, { stored, replace, kept });
  const resolved = resolveOptions(settled, stored.packageVersion);
  const versions = packageVersionIsSupported(version).map((refusal) => ({
    ...refusal,
    ...{ allowed: stored.packageVersion, hint: leaveOutTheVersion },
  }));
  const values = [...versions, ...(resolved.type === 'refused' ? resolved.refusals : [])].map((refusal) =>
    inUpdate(refusal, replace),
  );
  if (resolved.type === 'resolved' && values.length === 0 && changes.length === 0) {
    // It means the same; in the spelling that is stored it is no change.
    const { placement_constraint } = stored.options.service;
    const options = { ...resolved.options, service: { ...resolved.options.service, placement_constraint } };
    return { type: 'resolved', config: { packageVersion: stored.packageVersion, options } };
  }
  return {
    type: 'refused',
    refusals: [...changes.map(refusalOf), ...values],
    errors: keptErrors([...changes.map(changeError), ...values.map(valueError)]),
  };
}

const placementPointers = ['/service/placement_constraint', '/service/placement_strategy'] as const;

function isPlacement(pointer: string): boolean {
  return placementPointers.some((placement) => placement === pointer);
}

/** The rules, over all options that can be read: what is refused by itself is no change. */
function refusedChanges({ options: before }: ServiceConfig, merged: unknown): readonly RefusedChange[] {
  const root = sectionIsAnObject([], merged);
  const members = sectionIsAnObject(['service'], root.value['service']).value;
  const service = readSection(optionSchema.service, ['service'], root.value['service']);
  const brokers = readSection(optionSchema.brokers, ['brokers'], root.value['brokers']);
  const controllers = readSection(optionSchema.controllers, ['controllers'], root.value['controllers']);
  const placement = resolvePlacement(service.value, members);
  const refused = [root, service, brokers, controllers, placement].flatMap(({ refusals }) =>
    refusals.map(({ pointer }) => pointer),
  );
  const isReadable = (pointer: string): boolean =>
    !refused.some((part) => pointer === part || pointer.startsWith(`${part}/`));
  const isByStrategy = members['placement_strategy'] !== undefined && members['placement_constraint'] === undefined;
  const change: Change = {
    before,
    after: {
      service: { name: service.value.name, placement_constraint: placement.value },
      brokers: brokers.value,
      controllers: controllers.value,
    },
    placedBy: placementPointers[isByStrategy ? 1 : 0],
  };
  return changeRules
    .flatMap((rule) => rule.refuse(change))
    .filter(({ pointer }) => (isPlacement(pointer) ? placementPointers.every(isReadable) : isReadable(pointer)));
}

function refusalOf({ pointer, to, message, allowed, hint }: RefusedChange): Refusal {
  return { pointer, value: to, message, allowed, hint };
}

/** The rules of an install advise to leave out what is to be the default; that is as it is stored now. */
function inUpdate({ hint, ...refusal }: Refusal, replace: boolean): Refusal {
  const value = refusal.value === undefined ? {} : { value: shownValue(refusal.pointer, refusal.value) };
  if (hint === undefined) return { ...refusal, ...value };
  return { ...refusal, ...value, hint: replace ? hint : hint.replace('leave it out for', 'write null for') };
}
