import { witness } from './evidence.js';
import { on } from './on.js';
import { survey } from './survey.js';

const card = document.querySelector('.gensvar');
const form = card.querySelector('form');
// What is chosen here stands: a reload is not to choose again what the link did.
on(form, 'change submit', () => history.replaceState(null, '', location.pathname));
const server = form.action.replace(/api\/v1\/answers$/, '');
survey(card, server, JSON.parse(form.dataset.words), witness(card, form.elements.evidence.value));
