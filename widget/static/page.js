import { witness } from './evidence.js';
import { survey } from './survey.js';

const card = document.querySelector('.gensvar');
const form = card.querySelector('form');
const server = form.action.replace(/api\/v1\/answers$/, '');
survey(card, server, JSON.parse(form.dataset.words), witness(card, form.elements.evidence.value));
