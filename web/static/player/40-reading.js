// ---- The sentence that is being said is marked ----
let marked = null, following = true, ours = 0;
const begins = {};
sentences.forEach((each) => { if (!(each[0] in begins)) { begins[each[0]] = each[1] / 1000; } });
function sentenceAt(time) {
  const found = at(sentences, 1, time * 1000 + 50);
  return found >= 0 && time * 1000 < sentences[found][2] + 500 ? sentences[found][0] : null;
}
function mark(id) {
  if (!id || (marked && marked.id === id)) { return; } // in a pause the sentence before stays marked
  const next = document.getElementById(id);
  if (!next) { return; }
  if (marked) { marked.removeAttribute('aria-current'); }
  marked = next;
  marked.setAttribute('aria-current', 'true');
  keepInView();
}

// ---- … and kept in view, unless one looks elsewhere ----
const isSeen = (element) => {
  const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < window.innerHeight;
};
function scrollToMarked() {
  const calm = window.matchMedia && matchMedia('(prefers-reduced-motion: reduce)').matches;
  ours = Date.now();
  window.scrollTo({ top: window.pageYOffset + marked.getBoundingClientRect().top - window.innerHeight * 0.3, behavior: calm ? 'auto' : 'smooth' });
}
function keepInView() {
  if (!following || isSeen(one('#nghe'))) { return; } // who is at the buttons is left there
  const box = marked.getBoundingClientRect(), high = window.innerHeight;
  if (box.top < high * 0.1 || box.bottom > high * 0.7) { scrollToMarked(); }
}
function showBar() {
  if (!bar) { return; }
  const needed = (started || wanted) && !isSeen(one('#nghe')), lost = needed && marked && !following;
  bar.hidden = !needed;
  one('[data-do=follow]').hidden = !lost;
  const high = needed ? bar.offsetHeight + 12 + 'px' : ''; // nothing lies under it, nor is brought there by the keyboard
  document.body.style.paddingBottom = root.style.scrollPaddingBottom = high;
}
window.addEventListener('scroll', () => {
  if (Date.now() - ours > 1200 && marked) { following = isSeen(marked); }
  showBar();
}, { passive: true });

// ---- A touched sentence is heard ----
const hear = (id) => { if (id in begins) { go(begins[id], true); } };
document.addEventListener('click', (event) => {
  const sentence = event.target.closest('.s');
  if (!sentence || event.target.closest('a, button, details, audio, video') || String(window.getSelection())) { return; }
  hear(sentence.id);
});
function offerParagraphs() { // the same for keyboards and screen readers
  all('.text p, .text li, .text tr:first-child th:first-child').forEach((each) => {
    const sentence = each.querySelector('.s') || (each.parentNode.classList.contains('s') ? each.parentNode : null);
    if (!sentence || !(sentence.id in begins)) { return; }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'here';
    button.lang = root.lang;
    button.textContent = t('Nghe từ đoạn này');
    button.addEventListener('click', () => hear(sentence.id));
    each.appendChild(button);
  });
}
setTimeout(offerParagraphs, 0); // after the page has been shown
