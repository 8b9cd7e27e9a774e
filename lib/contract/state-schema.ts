import * as z from 'zod';

/** The value of a stored fact. */
export const statePropertySchema = z.json().meta({ id: 'StateProperty', example: 'VXrFPNVlTI-8Dq7mUbjlhg' });

/** A zone. */
export const zoneSchema = z.string().meta({ example: 'eu-west-1a' });

/** Zones by the name of the task. */
export const taskZonesSchema = z
  .record(z.string(), zoneSchema)
  .meta({ id: 'TaskZones', example: { 'kafka-0-broker': 'eu-west-1a', 'controller-0-controller': 'eu-west-1b' } });
