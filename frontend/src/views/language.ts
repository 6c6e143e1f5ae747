/** The language a shopper has chosen: kept over a reload, gone with the next person. */
import { lang, setLanguage } from '../stores/language';
import { ownNames, type Lang } from '../i18n';

const KEY = 'edgeshop.language';

const isLang = (code: string | null): code is Lang => code !== null && Object.hasOwn(ownNames, code);

export function chooseLanguage(chosen: Lang): void {
  setLanguage(chosen);
  keep((storage) => {
    storage.setItem(KEY, chosen);
  });
}

/** Takes up what was chosen before a reload. */
export function restoreLanguage(): void {
  keep((storage) => {
    const kept = storage.getItem(KEY);
    if (isLang(kept) && kept !== lang.peek()) setLanguage(kept);
  });
}

export function forgetLanguage(): void {
  keep((storage) => {
    storage.removeItem(KEY);
  });
}

function keep(use: (storage: Storage) => void): void {
  try {
    use(sessionStorage);
  } catch {
    // storage refused: the choice lives as long as the page
  }
}
