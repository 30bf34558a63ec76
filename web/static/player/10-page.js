// What the script adds; the page works without it. ES2015 at most, for browsers of 2018, and no request to anyone.
const root = document.documentElement;
const all = (selector, within) => Array.prototype.slice.call((within || document).querySelectorAll(selector));
const one = (selector) => document.querySelector(selector);
const on = (selector, event, act) => all(selector).forEach((each) => each.addEventListener(event, act));
const reveal = (selector) => all(selector).forEach((each) => { each.hidden = false; });
// Zalo's browser may refuse storage: then nothing is remembered, and nothing breaks.
const recall = (key) => { try { return localStorage.getItem(key); } catch (error) { return null; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch (error) { /* as said */ } };
// The words are Vietnamese; a page in another language brings its own.
const said = one('#loi') ? JSON.parse(one('#loi').textContent) : {};
const t = (words) => said[words] || words;

// ---- Size, spacing and colours of the page ----
const colours = ['sang', 'toi', 'vang'], largest = 4;
let size = Math.min(largest, Math.max(0, parseInt(recall('co-chu'), 10) || 0)), colour = recall('mau');
let loose = recall('dong-thua') === '1';
function dress() {
  for (let step = 1; step <= largest; step += 1) { root.classList.toggle('chu-' + step, step === size); }
  colours.forEach((name) => root.classList.toggle(name, name === colour));
  root.classList.toggle('thua', loose);
  all('[data-colour]').forEach((each) => each.setAttribute('aria-pressed', String(each.getAttribute('data-colour') === colour)));
  all('[data-loose]').forEach((each) => each.setAttribute('aria-pressed', String(loose)));
  tellWide();
}
function tellWide() { // a table that is wider than the page says so: its last column may be the place
  all('.table').forEach((each) => {
    const isWide = each.scrollWidth > each.clientWidth, told = each.previousElementSibling, has = told && told.classList.contains('wide');
    if (!isWide) { ['tabindex', 'role', 'aria-label'].forEach((name) => each.removeAttribute(name)); if (has) { told.hidden = true; } return; }
    each.tabIndex = 0;
    each.setAttribute('role', 'region');
    each.setAttribute('aria-label', t('Bảng rộng: kéo ngang để xem hết'));
    if (has) { told.hidden = false; return; }
    const hint = document.createElement('p');
    hint.className = 'wide';
    hint.textContent = '↔ ' + t('Bảng rộng: kéo ngang để xem hết');
    hint.lang = root.lang;
    each.parentNode.insertBefore(hint, each);
  });
}
on('[data-size]', 'click', (event) => {
  const step = Number(event.currentTarget.getAttribute('data-size'));
  size = step ? Math.min(largest, Math.max(0, size + step)) : 0;
  remember('co-chu', size);
  dress();
});
on('[data-colour]', 'click', (event) => {
  const chosen = event.currentTarget.getAttribute('data-colour');
  colour = chosen === colour ? '' : chosen; // a second press gives the device's own choice back
  remember('mau', colour);
  dress();
});
on('[data-loose]', 'click', () => {
  loose = !loose;
  remember('dong-thua', loose ? '1' : '');
  dress();
});
on('[data-colours]', 'click', (event) => {
  const panel = one('#mau');
  panel.hidden = !panel.hidden;
  event.currentTarget.setAttribute('aria-expanded', String(!panel.hidden));
});
dress();
reveal('.tools');
window.addEventListener('resize', tellWide);
