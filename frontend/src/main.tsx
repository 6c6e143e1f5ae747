import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { start } from './stores';
import { lang } from './stores/language';
import { App } from './views/app';
import { restoreLanguage } from './views/language';
import { fetchLater } from './views/lazy';
import { startViews } from './views/start';
import { readyLanguage } from './views/text';

const STORED_MS = 400; // a disk that takes longer must not keep a shopper before an empty page

function paint(): void {
  const root = document.getElementById('root');
  if (root?.childElementCount !== 0) return;
  startViews();
  render(<App />, root);
  fetchLater();
}

restoreLanguage();
setTimeout(paint, STORED_MS);
start()
  .then(() => readyLanguage(lang.peek()))
  .then(paint, paint); // a browser without storage still shows the shop
