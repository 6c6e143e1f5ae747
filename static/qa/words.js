/** What the panel says about the state it shows: one headline, one sentence. */

export const MODES = [
  ['up', 'Up', '<path d="M4 12l5 5L20 6"/>'],
  ['slow4g', 'Slow 4G', '<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5l3.500 2"/>'],
  ['lossy', 'Lossy', '<path d="M3 12h4l2-6 3 12 3-9 2 3h4"/>'],
  ['down', 'Down', '<path d="M6 6l12 12M18 6L6 18"/>'],
];

export function headline({ links, kiosk, cloud }) {
  if (kiosk.power === 'off') return ['Somebody pulled the plug.', resting(kiosk.count, 'safe on the kiosk’s disk')];
  if (kiosk.power === 'starting') return ['The kiosk is starting.', 'It picks up where it was.'];
  if (!cloud.is_up) return ['The cloud is away.', 'The shop sells on.'];
  return HEADLINES[`${links.front === 'down'}${links.back === 'down'}`](links);
}

const HEADLINES = {
  falsefalse: (links) =>
    links.front === 'up' && links.back === 'up'
      ? ['Everything is connected.', 'Sell something, then cut a string of lanterns and sell again.']
      : ['The links are poor.', 'Orders take their time. None is lost, none is doubled.'],
  falsetrue: () => ['The shop is on its own.', 'It sells, suggests and prints receipts. Orders wait on the kiosk.'],
  truefalse: () => ['The screen is on its own.', 'It still sells. Orders wait in the browser, signed and numbered.'],
  truetrue: () => ['Both links are cut.', 'The screen sells on by itself. Heal the links and watch the orders go home.'],
};

function resting(count, where) {
  if (!count) return 'Nothing waited on it. Plug it in when you like.';
  return count === 1 ? `One entry is ${where}.` : `${count} entries are ${where}.`;
}

export function screens(count) {
  if (count === 0) return 'No screen is open';
  return count === 1 ? 'One screen is open' : `${count} screens are open`;
}

export function oldest(kiosk) {
  if (!kiosk.count || kiosk.oldest_age_s == null) return 'Nothing waits';
  const seconds = Math.round(kiosk.oldest_age_s);
  return seconds < 90 ? `The oldest waits for ${seconds} s` : `The oldest waits for ${Math.round(seconds / 60)} min`;
}

export function review(count) {
  if (!count) return 'None waits for a person';
  return count === 1 ? 'One waits for a person' : `${count} wait for a person`;
}
