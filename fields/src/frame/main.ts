import './frame.css';
import { textsOf } from '../texts/texts.ts';
import { startController } from './controller.ts';
import { startField } from './field.ts';
import { refuseParent } from './parent.ts';
import { readPlace } from './place.ts';

/** Written by the vault where the key may not be used here. */
const refusal = document.documentElement.dataset['refused'] ?? '';
const place = readPlace(window.location);

// Alone in a window it would be a form for card numbers that anybody can link to.
if (place !== undefined && window.parent !== window) {
  const texts = textsOf(place.locale);
  document.documentElement.lang = texts.locale;
  if (refusal !== '') refuseParent(place, refusal);
  else if (place.role === 'controller') startController(place, texts);
  else startField(place, place.role, texts);
}
