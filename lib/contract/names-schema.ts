import * as z from 'zod';

/** A bare list of names or ids, as the guides have it. */
export const namesSchema = z.array(z.string());
