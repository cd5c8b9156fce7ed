/* global CARD, STYLE, WORDS */
import { build, fill } from './card.js';
import { on } from './on.js';
import { survey } from './survey.js';

const script = document.currentScript;
const server = script.src.replace(/(v\d+\/)?widget\.[^/]*$/, '');
let host, shown, leave, back;

/** Runs a step of ours; what goes wrong is named in the console and never reaches the page. */
const guarded = (step) => (...args) => {
  try {
    step(...args);
  } catch (error) {
    console.warn('Gensvar:', error);
  }
};

const put = ({ into, place }, at = script) => {
  const body = document.body;
  const target = into?.append ? into : into && document.querySelector(into);
  if (target) target.append(host);
  else if (place != 'corner' && body.contains(at)) at.after(host);
  else body.append(host);
};

const close = (declining) => {
  if (!leave) return;
  const focused = document.activeElement == host;
  leave(declining);
  leave = 0;
  host.remove();
  if (focused) back.focus();
};

const draw = (parts, { token, company, touchpoint, place }) => {
  const card = build(parts);
  const find = (selector) => card.querySelector(selector);
  const sheet = new CSSStyleSheet();
  const root = host.attachShadow({ mode: 'open' });
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(card);
  find('[name]').value = token;
  fill(find('.question'), WORDS.question, company);
  fill(find('.about'), WORDS.about, touchpoint);
  on(find('.close'), 'click', () => close(true));
  on(host, 'keydown keypress keyup input', (event) => {
    event.stopPropagation();
    if (place && event.key == 'Escape') close(true);
  });
  on(host, 'focusin', (event) => (back = event.relatedTarget || back));
  if (place) card.className += ' corner';
  leave = survey(card, server, WORDS);
};

const open = (options, at) => {
  const token = options.token;
  if (!token) throw 'data-token is missing';
  if (options.place != 'corner') options.place = '';
  if (leave && host.isConnected && shown == token) return;
  close();
  shown = token;
  back = document.activeElement;
  host = document.createElement('gensvar-survey');
  const parts = JSON.parse(CARD);
  try {
    draw(parts, options);
  } catch (error) {
    host = build(['a', { href: `${server}s/${token}` }, parts[1]['aria-label']]);
    console.warn('Gensvar:', error);
  }
  put(options, at);
};

const show = guarded((options, at) => {
  if (document.body) open({ ...options }, at);
  else on(document, 'DOMContentLoaded', () => show(options, at));
});

guarded(() => {
  const waiting = window.Gensvar;
  if (!waiting?.show) {
    window.Gensvar = { show, push: show, close: guarded(() => close()) };
    if (waiting) for (const options of waiting) show(options);
  }
  const given = {};
  for (const name of ['token', 'company', 'touchpoint', 'place']) {
    given[name] = script.getAttribute(`data-${name}`) || '';
  }
  if (given.token) window.Gensvar.show(given, script);
})();
