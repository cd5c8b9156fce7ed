import { on } from './on.js';
import { post } from './post.js';

const REST = 2000;
const PATIENCE = 15000;
const LONGEST_ENCODED = 12000;

/**
 * Brings a rendered question to life and returns what is called when the customer leaves it.
 *
 * What the customer chose is stored as one answer with revisions: one request at a time, and the
 * newest state once more if it changed meanwhile. On a page of ours each request carries what
 * `testimony` returns; a host page's own visitors have nothing to prove.
 */
export function survey(card, server, words, testimony) {
  const find = (selector) => card.querySelector(selector);
  const form = find('form');
  const status = find('.status');
  const { token, score, comment, may_contact, scores, send } = form.elements;
  const label = send.textContent;
  const present = new AbortController();
  let typed = comment.value;
  let reply = {};
  let stored, sending, again, finishing, failed, retrying, touched, over, moving, seen, timer;

  const report = (event) =>
    post(
      `${server}api/v1/asks/events`,
      `token=${encodeURIComponent(token.value)}&event=${event}`,
    ).catch(() => {});

  const write = (selector, ...texts) => {
    find(selector).textContent = texts.find((text) => typeof text == 'string');
  };

  const say = (button, text, kind) => {
    send.textContent = button;
    status.textContent = text;
    status.className = `status ${kind}`;
  };

  const category = () => (score.value > 6) + (score.value > 8);

  const askWhy = (said) => {
    reply = said || {};
    write('.why', reply.follow_up_question, words.why[category()]);
  };

  const answer = () => {
    const entries = new URLSearchParams(new FormData(form));
    if (!typed) entries.delete('comment');
    return entries;
  };

  const thank = () => {
    const focused = find(':focus');
    write('.thanks', reply.thanks, words.thanks[category()]);
    write('.next', reply.next, category() ? '' : words.next[+(may_contact.value == 'false')]);
    form.hidden = over = true;
    find('.done').hidden = false;
    if (focused) find('.done').focus();
  };

  const fail = (status) => {
    failed = !finishing;
    finishing = 0;
    say(words.retry, words[status] || words.failed, 'error');
    if (words[status]) over = send.hidden = comment.readOnly = scores.disabled = true;
  };

  const store = async (leaving) => {
    clearTimeout(timer);
    const entries = answer();
    const state = `${entries}`;
    if (over || !touched || !score.value || state == sending) return;
    if (state == stored) {
      if (finishing) thank();
      else if (send.textContent != label) say(label, words.saved, '');
      return;
    }
    if (sending && !leaving) return (again = 1);
    sending = state;
    stored = 0; // until the reply nobody knows
    if (testimony) entries.set('evidence', testimony());
    let response, body;
    try {
      response = await post(`${server}api/v1/answers`, `${entries}`, AbortSignal.timeout?.(PATIENCE));
      body = await response.json();
    } catch {
      // No reply, or none that can be read: what is known of the response decides.
    }
    const more = again || finishing;
    sending = again = failed = 0;
    if (!response?.ok) return fail(response?.status);
    stored = state;
    if (entries.get('score') == score.value) askWhy(body);
    say(finishing ? words.sending : label, words.saved, '');
    if (more) store();
  };

  on(form, 'keydown pointerdown', (event) => {
    moving = /^Arrow/.test(event.key);
    // Leaving the scores stores too: by the time the button is let go, nothing may be failed.
    retrying = failed && event.target == send;
    if (/Enter| /.test(event.key) && event.target.name == 'score') {
      event.preventDefault();
      event.target.click();
    }
  });
  on(form, 'click change', ({ type, target }) => {
    const scored = target.name == 'score';
    if (type == 'click' && (!scored || moving)) return;
    touched = 1;
    if (scored) askWhy();
    clearTimeout(timer);
    if (scored && moving) timer = setTimeout(store, REST);
    else store();
  });
  on(comment, 'input', () => {
    typed = touched = 1;
    let excess;
    while ((excess = `${new URLSearchParams({ c: comment.value })}`.length - LONGEST_ENCODED) > 0) {
      comment.value = comment.value.slice(0, -1 - excess / 9);
    }
  });
  on(scores, 'focusout', (event) => scores.contains(event.relatedTarget) || store());
  on(form, 'submit', (event) => {
    event.preventDefault();
    touched = 1;
    finishing = !(failed || retrying) || typed;
    retrying = 0;
    say(words.sending, '', '');
    store();
  });
  on(window, 'pagehide', () => store(1), present);
  on(document, 'visibilitychange', () => document.hidden && store(), present);

  const leave = (declining) => {
    if (declining && !touched && !over) report('declined');
    store(1);
    over = 1;
    view.disconnect();
    present.abort();
  };

  const view = new IntersectionObserver((entries) => {
    if (!card.isConnected) leave();
    else if (!seen && entries.some((entry) => entry.isIntersecting)) {
      seen = 1;
      report('shown');
    }
  });
  view.observe(card);

  return leave;
}
