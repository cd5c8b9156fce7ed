/** Listens to one or several kinds of events, named with spaces between. */
export const on = (target, types, listener, options) => {
  for (const type of types.split(' ')) target.addEventListener(type, listener, options);
};
