// The switch on the staff's page "Tell me when a review waits": one subscription of this browser, on or off.
'use strict';

(() => {
  const card = document.querySelector('[data-tell-me]');
  const button = card.querySelector('button');
  const said = card.querySelector('[role=status]');
  const { vapidKey, worker, csrfToken } = card.dataset;
  const PATIENCE_MS = 15000; // some browsers never answer when their push service is out of reach

  const say = (text) => {
    said.textContent = text;
  };

  const inTime = (promise) =>
    Promise.race([
      promise,
      new Promise((_, refuse) => {
        setTimeout(() => refuse(new Error('the push service of this browser does not answer')), PATIENCE_MS);
      }),
    ]);

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

  async function tell(method, subscription) {
    const answer = await fetch(location.pathname, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken },
      body: JSON.stringify({ ...subscription.toJSON(), language: navigator.language.slice(0, 2) }),
    });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message ?? `status ${answer.status}`);
  }

  async function switchOn(registration) {
    if ((await Notification.requestPermission()) !== 'granted') {
      say('This browser does not let us show notices. Allow them in its settings for this site.');
      return;
    }
    const wanted = { userVisibleOnly: true, applicationServerKey: bytes(vapidKey) };
    await tell('POST', await inTime(registration.pushManager.subscribe(wanted)));
  }

  async function switchOff(subscription) {
    await tell('DELETE', subscription);
    await subscription.unsubscribe();
  }

  async function show(registration) {
    const subscription = await registration.pushManager.getSubscription();
    button.disabled = false;
    button.textContent = subscription ? 'Tell me no more in this browser' : 'Tell me in this browser';
    if (Notification.permission !== 'denied') {
      say(subscription ? 'This browser tells you when a review waits.' : 'This browser tells you nothing yet.');
    }
    button.onclick = async () => {
      button.disabled = true;
      say('One moment …');
      try {
        await (subscription ? switchOff(subscription) : switchOn(registration));
        await show(registration);
      } catch (problem) {
        say(`That did not work: ${problem.message}.`);
        button.disabled = false;
      }
    };
  }

  if (!('serviceWorker' in navigator) || !('PushManager' in window)) {
    say('This browser cannot show notices, or this page is not on https.');
    return;
  }
  navigator.serviceWorker.register(worker).then(show, (problem) => say(`That did not work: ${problem.message}.`));
})();
