import { on } from './on.js';

/**
 * How the answer came about: kinds of input, times, visibility. Nothing that tells one person's
 * machine from another's.
 */
export function witness(card) {
  const start = Date.now();
  const since = () => Date.now() - start;
  const kinds = new Set();
  let first;
  let inputs = 0;
  on(card, 'pointerdown keydown', (event) => {
    first ??= since();
    inputs++;
    kinds.add(event.pointerType || 'key').add(event.isTrusted);
  });
  return () => ['v1', first, since(), inputs, document.hidden, ...kinds].join();
}
