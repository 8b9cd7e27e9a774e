import type { AvailabilityZone, DescribeAvailabilityZonesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy } from './describe.ts';

const LETTERS = ['a', 'b', 'c'] as const;

/** The zones of a region, in order. */
export function zonesOf(region: string): string[] {
  return LETTERS.map((letter) => `${region}${letter}`);
}

/** @throws AwsError InvalidZone.NotFound */
export function requireZone(region: string, zone: string): string {
  if (!zonesOf(region).includes(zone)) {
    throw new AwsError(
      'InvalidZone.NotFound',
      `The zone '${zone}' does not exist. The local region has ${zonesOf(region).join(', ')}.`,
    );
  }
  return zone;
}

/** DescribeAvailabilityZones. */
export function zoneHandlers(region: string): Handlers {
  return {
    DescribeAvailabilityZones: (input: DescribeAvailabilityZonesRequest) => {
      onlyMembers('DescribeAvailabilityZones', input, ['ZoneNames', 'Filters']);
      const names = input.ZoneNames?.length
        ? input.ZoneNames.map((zone) => requireZone(region, zone))
        : zonesOf(region);
      const found = filterBy(names, input.Filters, (name) => ({
        values: {
          'zone-name': [name],
          'region-name': [region],
          state: ['available'],
          'zone-type': ['availability-zone'],
        },
        tags: [],
      }));
      return { AvailabilityZones: found.map((name) => describeZone(region, name)) };
    },
  };
}

function describeZone(region: string, name: string): AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: `use1-az${zonesOf(region).indexOf(name) + 1}`,
    RegionName: region,
    State: 'available',
    ZoneType: 'availability-zone',
    OptInStatus: 'opt-in-not-required',
  };
}
