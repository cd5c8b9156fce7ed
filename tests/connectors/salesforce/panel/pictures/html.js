// The panel's own markup; what Salesforce would draw for its base components is drawn plainly.
const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const ICONS = { "utility:arrowup": "↑", "utility:arrowdown": "↓", "utility:forward": "→", "utility:refresh": "⟳" };
const KEPT = ["class", "dir"];

const COMPONENTS = {
  "lightning-card": (card, inner) => `<article class="card"><h2>${escape(card.title)}</h2>${inner}</article>`,
  "lightning-button": ({ label, variant }) => `<button class="${escape(variant)}">${escape(label)}</button>`,
  "lightning-button-icon": ({ iconName }) => `<button class="icon">${ICONS[iconName]}</button>`,
  "lightning-icon": ({ iconName }) => `<b class="arrow">${ICONS[iconName]}</b>`,
  "lightning-combobox": ({ label, placeholder }) =>
    `<label>${escape(label)}<select><option>${escape(placeholder)}</option></select></label>`,
  "lightning-input": ({ label, value, variant }) =>
    `<label>${variant === "label-hidden" ? "" : escape(label)}<input value="${escape(value)}"></label>`,
};

/** *node* and all that is in it. */
export function html(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    return escape(node.textContent);
  }
  const inner = [...node.childNodes].map(html).join("");
  const name = node.localName;
  if (!name) {
    return inner;
  }
  if (COMPONENTS[name]) {
    return COMPONENTS[name](node, inner);
  }
  const kept = KEPT.filter((key) => node.hasAttribute(key)).map((key) => ` ${key}="${escape(node.getAttribute(key))}"`);
  return `<${name}${kept.join("")}>${inner}</${name}>`;
}
