/** Elements from nested arrays `[tag, attributes, ...children]`: no markup is ever parsed. */
export function build(node) {
  if (typeof node == 'string') return node;
  const [tag, attributes, ...children] = node;
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  element.append(...children.map(build));
  return element;
}

const LONGEST = 80;

/**
 * Puts a text with a `{name}` in it into an element, the name isolated in its direction. A name
 * that cannot be used (missing, too long) leaves the element as it is.
 */
export function fill(element, text, name = '') {
  name = name.replace(/\s+/g, ' ').trim();
  if (!name || [...name][LONGEST]) return;
  const [before, after] = text.split(/{\w+}/);
  element.replaceChildren(before, build(['bdi', {}, name]), after);
}
