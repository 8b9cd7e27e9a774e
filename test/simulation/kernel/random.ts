import type { Random } from '../contract.ts';

const twoTo32 = 2 ** 32;

/** Numbers from a seed alone: sfc32 (Chris Doty-Humphrey, PractRand), its state hashed from the seed's text. */
export function createRandom(seed: string): Random {
  const state = stateOf(seed);
  const next = () => nextWord(state);
  // Its authors let the first twelve words go, so that seeds that resemble each other part.
  for (let word = 0; word < 12; word++) next();
  return {
    below: (limit) => Math.floor((next() / twoTo32) * limit),
    chance: (probability) => next() / twoTo32 < probability,
    pick: (items) => items[Math.floor((next() / twoTo32) * items.length)] ?? items[0],
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

type State = [number, number, number, number];

function nextWord(state: State): number {
  const [a, b, c, count] = state;
  const word = (a + b + count) | 0;
  state[3] = (count + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + word) | 0;
  return word >>> 0;
}

/** Four words of FNV-1a over the text, each with a letter of its own in front. */
function stateOf(text: string): State {
  return [hash(`a${text}`), hash(`b${text}`), hash(`c${text}`), 1];
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
