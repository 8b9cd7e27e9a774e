/** dead: a broker is fenced or not registered, a controller does not fetch. unknown: nobody answers, or the answers differ. */
export type NodeLife = 'alive' | 'dead' | 'unknown';
