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
  const { token, score, comment, may_contact, website, scores, send } = form.elements;
  const fields = { token, score, comment, may_contact, website };
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

  const askWhy = () =>
    write('.why', reply.to == score.value && reply.follow_up_question, words.why[category()]);

  /** Of the form only what is ours: extensions put fields of their own into it. */
  const answer = () => {
    const entries = new URLSearchParams();
    for (const name in fields) {
      const { value } = fields[name];
      if (value || (typed && name == 'comment')) entries.set(name, value);
    }
    return entries;
  };

  const thank = () => {
    // Safari gives a pressed button no focus: then nothing has it, and screen readers lose their place.
    const focused = find(':focus') || document.activeElement == document.body;
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
    if (!words[status]) return;
    over = 1; // before what has the focus is disabled: leaving it stores
    send.hidden = send.disabled = comment.readOnly = scores.disabled = true;
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
    let body;
    try {
      const patience = AbortSignal.timeout?.(PATIENCE);
      body = await (await post(`${server}api/v1/answers`, `${entries}`, patience)).json();
    } catch {
      // No reply, or none of ours: a gateway's page says nothing about the answer, whatever its status.
    }
    const more = again || finishing;
    sending = again = failed = 0;
    if (!body?.answer_id) return fail(body?.code && body.status);
    stored = state;
    reply = { ...body, to: entries.get('score') };
    askWhy();
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
    if (!card.isConnected) store(1);
    else if (!seen && entries.some((entry) => entry.isIntersecting)) {
      seen = 1;
      report('shown');
    }
  });
  view.observe(card);

  return leave;
}
