/* global STYLE, WORDS */
import { build } from './card.js';
import { on } from './on.js';
import { post } from './post.js';

const script = document.currentScript;
const server = script.src.replace(/v\d+\/notice\.[^/]*$/, '');
const NAME = 'gensvar-notice';
const PATIENCE = 15000;
const HALF = 0.5;
const STEPS = [...Array(11).keys()].map((step) => step / 20);

const given = (name) => script.getAttribute(`data-${name}`) || '';

/** A paragraph of plain text in its own direction; nothing where there is no text. */
const line = (name) => (given(name) ? [['p', { class: name, dir: 'auto' }, given(name)]] : []);

const report = (event) =>
  post(
    `${server}api/v1/asks/events`,
    `token=${encodeURIComponent(given('token'))}&event=${event}`,
    AbortSignal.timeout?.(PATIENCE),
  );

const open = () => {
  if (!given('token') || !given('text')) throw 'data-token or data-text is missing';
  if (document.querySelector(NAME)) return;
  const host = document.createElement(NAME);
  const corner = given('place') == 'corner';
  // What is announced stands there from the start; its text is seen and heard once it may be.
  const said = build(['div', { role: 'status' }, ...line('title'), ...line('text')]);
  const close = build(['button', { type: 'button', class: 'close', 'aria-label': WORDS.close }, '×']);
  const card = build(['section', { lang: WORDS.locale, dir: WORDS.direction, class: 'card' }]);
  let back;

  const remove = () => {
    const focused = document.activeElement == host;
    view.disconnect();
    host.remove();
    if (focused && back) back.focus();
  };

  /** The text is shown only when the server has said that nobody told her meanwhile. */
  const claim = async () => {
    view.disconnect();
    try {
      const { status } = await report('shown');
      if (status == 204) return show();
      if (status != 410) console.warn('Gensvar:', status);
    } catch (error) {
      console.warn('Gensvar:', error);
    }
    remove();
  };

  const show = () => {
    card.setAttribute('aria-label', WORDS.notice);
    card.classList.add('shown');
  };

  const dismiss = () => {
    report('declined').catch(() => {});
    remove();
  };

  /** Half of it is in view, or it fills half of the window: magnified, it may be taller than two of them. */
  const seen = ({ intersectionRatio, intersectionRect }) =>
    intersectionRatio >= HALF || intersectionRect.height >= innerHeight * HALF;

  const view = new IntersectionObserver((entries) => entries.some(seen) && claim(), {
    threshold: STEPS,
  });

  card.append(said, close);
  if (corner) card.classList.add('corner');
  on(close, 'click', dismiss);
  on(host, 'keydown keypress keyup', (event) => {
    event.stopPropagation();
    if (event.key == 'Escape' && event.type == 'keydown') dismiss();
  });
  on(host, 'focusin', (event) => (back = event.relatedTarget || back));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.append(card);
  if (!corner && document.body.contains(script)) script.after(host);
  else document.body.append(host);
  view.observe(card);
};

/** What goes wrong is named in the console and never reaches the page. */
const guarded = () => {
  try {
    open();
  } catch (error) {
    console.warn('Gensvar:', error);
  }
};

if (document.body) guarded();
else on(document, 'DOMContentLoaded', guarded);
