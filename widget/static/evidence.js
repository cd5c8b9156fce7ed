import { on } from './on.js';

/**
 * How the answer came about on a page of ours: kinds of input, times, visibility. Nothing that
 * tells one person's machine from another's. `stamp` is the server's word on when it rendered.
 */
export function witness(card, stamp) {
  const began = performance.now();
  const kinds = new Set();
  const scores = new Set();
  let first, pressed, latest;
  let inputs = 0;
  let presses = 0;
  // Captured, so that an input is known before what it sets off is sent.
  on(
    card,
    'pointerdown keydown click',
    ({ type, isTrusted, pointerType, target }) => {
      kinds.add(isTrusted ? pointerType || 'key' : 'script');
      if (!isTrusted) return;
      const now = performance.now();
      first ??= now;
      inputs++;
      if (type != 'pointerdown') return;
      latest = now;
      pressed ??= now;
      presses++;
      if (target.name == 'score') scores.add(target.value);
    },
    true,
  );
  // Times count from when there was something to see, however late this script came.
  const shown = () =>
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? began;
  const whole = (time) => (time >= 0 ? Math.round(time) : '');
  return () =>
    [
      `${stamp};v2`,
      whole(first - shown()),
      whole(performance.now() - shown()),
      inputs,
      presses,
      whole(latest - pressed),
      scores.size,
      +document.hidden,
      +navigator.webdriver || 0,
      ...kinds,
    ].join();
}
