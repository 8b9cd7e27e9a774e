import * as z from 'zod';
import { planInBlocksSchema } from './plan-schema.ts';

const phaseSchema = planInBlocksSchema.shape.phases.element;

/** What of a plan is active, as the 1.x guides show it. Without a block that is, `stage` stands alone. */
export const activeBlocksSchema = z
  .object({
    block: phaseSchema.shape.blocks.element.optional(),
    phase: phaseSchema.omit({ blocks: true }).extend({ block_count: z.int() }).optional(),
    stage: planInBlocksSchema.omit({ phases: true }).extend({ phase_count: z.int() }),
  })
  .meta({ id: 'ActiveBlocks' });

export type ActiveBlocks = z.infer<typeof activeBlocksSchema>;
